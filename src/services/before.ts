import type { Snapshot } from '../api/types';

/**
 * The id of the snapshot that the notebook had before, `null` if there is none or it was deleted.
 */
export function snapshotBefore({
  parent_id: parent
}: Pick<Snapshot, 'parent_id'>): string | null {
  return parent === 'deleted' ? null : parent;
}
