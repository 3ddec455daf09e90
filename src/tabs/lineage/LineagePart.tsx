import * as React from 'react';

import { useAnyChange } from './live';
import { LineageView } from './LineageView';

/**
 * The lineage of a snapshot, as a part of its run's tab.
 */
export function LineagePart(props: { snapshotId: string }): JSX.Element {
  const changes = useAnyChange();
  return (
    <LineageView node={`snapshot:${props.snapshotId}`} changes={changes} />
  );
}
