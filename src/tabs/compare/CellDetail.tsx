import type { IOutput } from '@jupyterlab/nbformat';
import {
  OutputArea,
  OutputAreaModel,
  SimplifiedOutputArea
} from '@jupyterlab/outputarea';
import * as React from 'react';

import type { CellPair, StoredCell } from '../../api/types';
import { LuminoHost } from '../../components/LuminoHost';
import { StateView } from '../../components/StateView';
import { formatBytes } from '../../components/size';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { About } from './About';

const Diff = React.lazy(() => import('./Diff'));

/**
 * The texts of a cell in two notebooks, what is said about it, and its outputs. They are read when the cell is opened.
 */
export function CellDetail(props: {
  pair: CellPair;
  baseId: string;
  otherId: string;
}): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { baseId, otherId, pair } = props;
  const { data, ...request } = useRequest(
    () =>
      Promise.all([
        pair.base === null
          ? null
          : mlops.client.snapshotCell(baseId, pair.base),
        pair.other === null
          ? null
          : mlops.client.snapshotCell(otherId, pair.other)
      ]),
    [baseId, otherId, pair.base, pair.other]
  );
  const [base, other] = data ?? [null, null];
  const isSame = base?.source === other?.source;
  const cell = other ?? base;
  return (
    <StateView {...request} isEmpty={data === null}>
      {cell && (
        <>
          {base && other && (
            <React.Suspense fallback={null}>
              <About base={base} other={other} changes={pair.changes} />
            </React.Suspense>
          )}
          <React.Suspense fallback={<pre>{cell.source}</pre>}>
            <Diff
              left={isSame ? null : (base?.source ?? null)}
              right={other?.source ?? null}
              language={languageOf(cell)}
              label={trans.__('Source')}
            />
          </React.Suspense>
          <Outputs
            base={base}
            other={other}
            isChanged={pair.changes.includes('outputs')}
          />
        </>
      )}
    </StateView>
  );
}

/**
 * The outputs of both sides, or of one where they are the same.
 */
function Outputs(props: {
  base: StoredCell | null;
  other: StoredCell | null;
  isChanged: boolean;
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { base, isChanged, other } = props;
  if (!hasOutputs(base) && !hasOutputs(other)) {
    return null;
  }
  return (
    <div className="jp-MLOpsCells-outputs">
      {isChanged && base && other ? (
        <>
          <OutputList cell={base} label={trans.__('Outputs of the baseline')} />
          <OutputList cell={other} label={trans.__('Outputs')} />
        </>
      ) : (
        <OutputList cell={other ?? base!} label={trans.__('Outputs')} />
      )}
    </div>
  );
}

function OutputList(props: { cell: StoredCell; label: string }): JSX.Element {
  const { rendermime, trans } = useMLOps();
  const { cell, label } = props;
  return (
    <div role="group" aria-label={label}>
      {cell.outputs_size !== null ? (
        <p className="jp-MLOpsRun-hint">
          {trans.__(
            'Outputs of %1 are too large to be shown here. Restore the snapshot to see them.',
            formatBytes(cell.outputs_size)
          )}
        </p>
      ) : cell.outputs.length === 0 ? (
        <p className="jp-MLOpsRun-hint">{trans.__('No output')}</p>
      ) : (
        <LuminoHost
          create={() =>
            new SimplifiedOutputArea({
              // a snapshot may come from anywhere: what its outputs would run in the page stays asleep
              model: new OutputAreaModel({
                values: cell.outputs as unknown as IOutput[],
                trusted: false
              }),
              rendermime: rendermime.clone(),
              contentFactory: OutputArea.defaultContentFactory
            })
          }
          deps={[cell]}
        />
      )}
    </div>
  );
}

function hasOutputs(cell: StoredCell | null): boolean {
  return (
    cell !== null && (cell.outputs.length > 0 || cell.outputs_size !== null)
  );
}

function languageOf(cell: StoredCell): string | null {
  return cell.cell_type === 'markdown'
    ? 'markdown'
    : cell.cell_type === 'code'
      ? cell.language
      : null;
}
