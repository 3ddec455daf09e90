import * as React from 'react';

import type { SnapshotDetail } from '../../api/types';
import { SnapshotFigure } from '../../components/SnapshotFigure';
import { useMLOps } from '../../hooks/context';

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
        {manifest.figures.map((_, index) => (
          <SnapshotFigure
            key={index}
            snapshotId={id}
            index={index}
            label={trans.__('Figure %1', index + 1)}
          />
        ))}
      </div>
    </section>
  );
}
