import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Manifest, Run, SnapshotDetail } from '../../api/types';
import { modelFacts } from '../../components/modelFacts';
import { NumberCell } from '../../components/NumberCell';
import { formatBytes } from '../../components/size';
import { useMLOps } from '../../hooks/context';
import { isOpen } from '../../services/underway';
import { Figures } from './Figures';
import { Marks } from './Marks';
import { Receipts } from './Receipts';
import { Remarks } from './Remarks';

/**
 * Results, parameters and figures, and how far they can be trusted.
 */
export function Overview(props: {
  run: Run;
  snapshot: SnapshotDetail | null;
  openCell: (cell: number | string) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { openCell, run, snapshot } = props;
  const none = isOpen(run)
    ? trans.__('None yet.')
    : snapshot === null
      ? trans.__('None.')
      : null;
  const metrics = Object.entries(run.metrics);
  const params = Object.entries(run.params);
  const models = snapshot?.manifest.models ?? [];
  const tags = Object.entries(run.tags).filter(
    ([name]) => !/^(mlflow|mlops)\./.test(name)
  );
  return (
    <>
      {snapshot && <Marks snapshot={snapshot} />}
      {snapshot === null && <p>{whyNoSnapshot(run, trans)}</p>}
      {snapshot && <Receipts snapshotId={snapshot.id} openCell={openCell} />}
      {snapshot && <Remarks manifest={snapshot.manifest} openCell={openCell} />}
      <div className="jp-MLOpsRun-tables">
        <Table
          caption={trans.__('Metrics')}
          empty={
            none ??
            trans.__(
              'The notebook left no number that it computed. Assign a result to a name: accuracy = …'
            )
          }
          rows={metrics.map(([name, value]) => [
            name,
            <NumberCell value={value} />
          ])}
        />
        <Table
          caption={trans.__('Parameters')}
          empty={
            none ??
            trans.__(
              'No cell is tagged `parameters`. Tag the one that sets them in the property inspector.'
            )
          }
          rows={params.map(([name, value]) => [name, value])}
        />
        {tags.length > 0 && <Table caption={trans.__('Tags')} rows={tags} />}
        {models.length > 0 && (
          <Table
            caption={trans.__('Models in the kernel')}
            className="jp-MLOpsRun-models"
            rows={models.map(model => [
              model.variable,
              modelText(model, trans)
            ])}
          />
        )}
      </div>
      {snapshot && <Figures snapshot={snapshot} />}
    </>
  );
}

function modelText(
  model: Manifest['models'][number],
  trans: TranslationBundle
): string {
  return [
    model.class_name,
    ...modelFacts(model, trans),
    ...(model.size_bytes === null ? [] : [formatBytes(model.size_bytes)]),
    ...(model.object_id === null ? [] : [trans.__('kept')])
  ].join(' · ');
}

function whyNoSnapshot(run: Run, trans: TranslationBundle): string {
  if ('mlops.kernel_id' in run.tags) {
    return trans.__(
      'Logged with MLflow. Click Snapshot in the notebook to keep its code, data and environment with this run.'
    );
  }
  return isOpen(run)
    ? trans.__('The snapshot is taken when the run ends.')
    : trans.__('No snapshot of this run was kept.');
}

function Table(props: {
  caption: string;
  className?: string;

  /**
   * What is said where there are no rows.
   */
  empty?: string;
  rows: [string, React.ReactNode][];
}): JSX.Element {
  const { caption, className, empty, rows } = props;
  return (
    <section aria-label={caption} className={className}>
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
