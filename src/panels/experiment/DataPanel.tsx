import * as React from 'react';

import type { LiveDatum, Unseen } from '../../api/types';
import { DataMark } from '../../components/DataMark';
import { formatBytes } from '../../components/size';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useLiveData } from '../../hooks/notebook';
import { CellLink } from './CellLink';

/**
 * What the cells of the notebook have read and written, and what of it has changed since the last snapshot.
 */
export function DataPanel(): JSX.Element {
  const { trans } = useMLOps();
  const reading = useLiveData();
  const { data, error, phase } = reading;
  const items = data?.items ?? [];
  const unseen = data?.unseen ?? [];
  const notes = data?.notes ?? [];
  return (
    <StateView
      phase={phase}
      error={error}
      retry={() => void reading.refresh()}
      isEmpty={items.length + unseen.length + notes.length === 0}
      empty={
        data?.live
          ? trans.__(
              'No data yet. Files, tables and URLs that cells read or write are listed here.'
            )
          : trans.__(
              'No Python or R kernel runs. Run the notebook to see its data here; other kernels do not tell it.'
            )
      }
    >
      <div aria-live="polite">
        <Part
          title={trans.__('Read')}
          items={items.filter(({ mode }) => mode === 'read')}
        />
        <Part
          title={trans.__('Written')}
          items={items.filter(({ mode }) => mode === 'write')}
        />
        <NotSeen unseen={unseen} />
        {notes.map(note => (
          <p key={note} className="jp-MLOpsData-note">
            {note}
          </p>
        ))}
      </div>
    </StateView>
  );
}

function Part(props: {
  title: string;
  items: readonly LiveDatum[];
}): JSX.Element | null {
  const { items, title } = props;
  return items.length === 0 ? null : (
    <>
      <h3 className="jp-MLOpsData-part">{title}</h3>
      <ul className="jp-MLOpsList" aria-label={title}>
        {items.map(item => (
          <Row key={`${item.kind} ${item.path}`} item={item} />
        ))}
      </ul>
    </>
  );
}

/**
 * The programs and processes that may have used more than is listed.
 */
function NotSeen(props: { unseen: readonly Unseen[] }): JSX.Element | null {
  const { trans } = useMLOps();
  const title = trans.__('Not seen');
  const reasons = {
    program: trans.__('may have opened more than its command names'),
    silent: trans.__('ended without telling what it opened'),
    failed: ''
  };
  return props.unseen.length === 0 ? null : (
    <>
      <h3 className="jp-MLOpsData-part">{title}</h3>
      <ul className="jp-MLOpsList" aria-label={title}>
        {props.unseen.map(({ cell_ids: cellIds, detail, name, reason }) => (
          <li key={`${name} ${detail}`} className="jp-MLOpsData-row">
            <CellLink text={name} cellIds={cellIds} />
            <span className="jp-MLOpsData-facts">
              {detail ?? reasons[reason]}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Row({ item }: { item: LiveDatum }): JSX.Element {
  const { cell_ids: cellIds, path, reader, size, state } = item;
  const facts = [reader, size === null ? null : formatBytes(size)];
  const detail = facts.filter(fact => fact !== null).join(' · ');
  return (
    <li className="jp-MLOpsData-row" data-lineage={`data:${path}`}>
      <CellLink text={path} cellIds={cellIds} />
      <DataMark state={state} />
      <span className="jp-MLOpsData-facts">{detail}</span>
    </li>
  );
}
