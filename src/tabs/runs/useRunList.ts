import { useLongList } from '../../hooks/longList';
import type { RunSearch } from '../../services/runList';
import { RunList } from '../../services/runList';
import type { IServerEvent } from '../../tokens';

/**
 * The runs that a search finds, kept fresh while the component is mounted.
 */
export function useRunList(search: RunSearch | null): RunList {
  return useLongList(RunList, search, concernsRuns);
}

function concernsRuns({ room }: IServerEvent): boolean {
  return room === 'tracking' || room === 'snapshots';
}
