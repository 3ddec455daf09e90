import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Run, SnapshotDetail } from '../../api/types';
import { NumberCell } from '../../components/NumberCell';
import { useMLOps } from '../../hooks/context';
import { Figures } from './Figures';
import { Marks } from './Marks';
import { Receipts } from './Receipts';

/**
 * Results, parameters and figures, and how far they can be trusted.
 */
export function Overview(props: {
  run: Run;
  snapshot: SnapshotDetail | null;
  openCell: (index: number) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { openCell, run, snapshot } = props;
  const metrics = Object.entries(run.metrics);
  const params = Object.entries(run.params);
  const tags = Object.entries(run.tags).filter(
    ([name]) => !/^(mlflow|mlops)\./.test(name)
  );
  return (
    <>
      {snapshot && <Marks snapshot={snapshot} />}
      {snapshot === null && <p>{whyNoSnapshot(run, trans)}</p>}
      {snapshot && <Receipts snapshotId={snapshot.id} openCell={openCell} />}
      <Notes snapshot={snapshot} />
      <div className="jp-MLOpsRun-tables">
        <Table
          caption={trans.__('Metrics')}
          empty={trans.__(
            'The notebook left no number that it computed. Assign a result to a name: accuracy = …'
          )}
          rows={metrics.map(([name, value]) => [
            name,
            <NumberCell value={value} />
          ])}
        />
        <Table
          caption={trans.__('Parameters')}
          empty={trans.__(
            'No cell is tagged `parameters`. Tag the one that sets them in the property inspector.'
          )}
          rows={params.map(([name, value]) => [name, value])}
        />
        {tags.length > 0 && (
          <Table caption={trans.__('Tags')} empty="" rows={tags} />
        )}
      </div>
      {snapshot && <Figures snapshot={snapshot} />}
    </>
  );
}

function whyNoSnapshot(run: Run, trans: TranslationBundle): string {
  if ('mlops.kernel_id' in run.tags) {
    return trans.__(
      'Logged with MLflow. Click Snapshot in the notebook to keep its code, data and environment with this run.'
    );
  }
  return run.status === 'RUNNING'
    ? trans.__('The snapshot is taken when the run ends.')
    : trans.__('No snapshot of this run was kept.');
}

/**
 * Why the grade is what it is, and what could not be kept.
 */
function Notes(props: { snapshot: SnapshotDetail | null }): JSX.Element | null {
  const { trans } = useMLOps();
  if (props.snapshot === null) {
    return null;
  }
  const { masked, notes, reasons } = props.snapshot.manifest;
  const secrets = masked.reduce((sum, { count }) => sum + count, 0);
  const lines = [
    ...reasons.map(({ message }) => message),
    ...notes,
    ...(secrets > 0
      ? [trans._n('%1 secret was masked', '%1 secrets were masked', secrets)]
      : [])
  ];
  return lines.length === 0 ? null : (
    <ul className="jp-MLOpsRun-reasons">
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  );
}

function Table(props: {
  caption: string;
  empty: string;
  rows: [string, React.ReactNode][];
}): JSX.Element {
  const { caption, empty, rows } = props;
  return (
    <section aria-label={caption}>
      <h3>{caption}</h3>
      {rows.length === 0 ? (
        <p className="jp-MLOpsRun-hint">{empty}</p>
      ) : (
        <table className="jp-MLOpsTable">
          <tbody>
            {rows.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
