import * as React from 'react';

import type { Snapshot } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { thumbnailsOf } from '../../services/thumbnails';

/**
 * A snapshot's first figure, small; an empty frame where it has none.
 */
export function Thumbnail({ snapshot }: { snapshot: Snapshot }): JSX.Element {
  const { mlops } = useMLOps();
  const [address, setAddress] = React.useState<string | null>(null);
  const { figure_id: figureId, id } = snapshot;
  React.useEffect(() => {
    const gone = new AbortController();
    void thumbnailsOf(mlops.client)
      .get({ figure_id: figureId, id }, gone.signal)
      .then(found => {
        if (!gone.signal.aborted) {
          setAddress(found);
        }
      });
    return () => gone.abort();
  }, [figureId, id, mlops]);
  return (
    <span className="jp-MLOpsTimeline-thumbnail" aria-hidden>
      {address && <img alt="" src={address} />}
    </span>
  );
}
