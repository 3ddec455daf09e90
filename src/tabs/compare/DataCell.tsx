import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { DataState } from '../../api/types';
import { formatBytes } from '../../components/size';
import { useMLOps } from '../../hooks/context';
import { dataChangeName } from './changes';
import { dataDelta } from './difference';

const MOST_COLUMNS = 3;

const SIGNS: Record<DataState['change'], string> = {
  baseline: '',
  same: '= ',
  changed: '≠ ',
  added: '+ ',
  removed: '− ',
  unknown: ''
};

/**
 * A file, folder, table or URL as one run saw it.
 */
export function DataCell(props: {
  state: DataState | null;
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { state } = props;
  if (state === null) {
    return null;
  }
  const delta = dataDelta(state, trans);
  const size = sizeText(state, trans);
  return (
    <span title={state.digest ?? undefined}>
      {SIGNS[state.change]}
      {dataChangeName(state, trans)}
      {delta && <span className="jp-MLOpsCompare-delta">{delta}</span>}
      <Columns columns={state.columns} />
      {size && <span className="jp-MLOpsCompare-noise">{size}</span>}
    </span>
  );
}

/**
 * The columns that came, went or have another type; all of them on hover.
 */
function Columns(props: Pick<DataState, 'columns'>): JSX.Element | null {
  const { trans } = useMLOps();
  const texts = props.columns.map(({ after, before, name }) =>
    before === null
      ? `+ ${name} (${after})`
      : after === null
        ? `− ${name}`
        : `${name}: ${before} → ${after}`
  );
  const rest = texts.length - MOST_COLUMNS;
  return texts.length === 0 ? null : (
    <span className="jp-MLOpsCompare-noise" title={texts.join('\n')}>
      {trans._n('column', 'columns', texts.length)}{' '}
      {texts.slice(0, MOST_COLUMNS).join(', ')}
      {rest > 0 && trans._n(' and %1 more', ' and %1 more', rest)}
    </span>
  );
}

function sizeText(
  { count, rows, size }: DataState,
  trans: TranslationBundle
): string {
  return [
    ...(rows === null ? [] : [trans._n('%1 row', '%1 rows', rows)]),
    ...(count === null ? [] : [trans._n('%1 file', '%1 files', count)]),
    ...(size === null ? [] : [formatBytes(size)])
  ].join(', ');
}
