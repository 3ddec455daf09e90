import * as React from 'react';

import type { Figure, SnapshotDetail } from '../../api/types';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';

/**
 * The figures that the notebook showed, in its order.
 */
export function Figures(props: {
  snapshot: SnapshotDetail;
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { id, manifest } = props.snapshot;
  if (manifest.figures.length === 0) {
    return null;
  }
  return (
    <section aria-label={trans.__('Figures')}>
      <h3>{trans.__('Figures')}</h3>
      <div className="jp-MLOpsRun-figures">
        {manifest.figures.map((figure, index) => (
          <Picture key={index} figure={figure} snapshotId={id} index={index} />
        ))}
      </div>
    </section>
  );
}

function Picture(props: {
  figure: Figure;
  snapshotId: string;
  index: number;
}): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { figure, index, snapshotId } = props;
  const { data, ...request } = useRequest(
    () => mlops.client.snapshotFigure(snapshotId, index),
    [snapshotId, index]
  );
  return (
    <StateView {...request} isEmpty={data === null}>
      {/* as an image, an SVG runs no script */}
      {data && (
        <img
          alt={trans.__('Figure %1', index + 1)}
          src={`data:${figure.mime_type};base64,${data.data}`}
        />
      )}
    </StateView>
  );
}
