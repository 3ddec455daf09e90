import { useLongList } from '../../hooks/longList';
import type { SnapshotSearch } from '../../services/snapshotList';
import { SnapshotList } from '../../services/snapshotList';
import type { IServerEvent } from '../../tokens';

/**
 * The snapshots that a search finds, kept fresh while the component is mounted.
 */
export function useSnapshotList(search: SnapshotSearch | null): SnapshotList {
  return useLongList(SnapshotList, search, concernsSnapshots);
}

// a run that is deleted takes its snapshot along
function concernsSnapshots({ action, room }: IServerEvent): boolean {
  return room === 'snapshots' || (room === 'tracking' && action !== 'changed');
}
