import type { Rerun } from '../api/types';
import type { IMLOps } from '../tokens';
import { notifying } from './notify';

/**
 * Runs stale notebooks again: those at the paths in the project with what they need, or all.
 */
export function rerunStale(
  { client, trans }: IMLOps,
  paths: string[] = []
): Promise<Rerun | null> {
  return notifying(() => client.startRerun(paths), {
    pending: trans.__('Looking what has to be run…'),
    done: ({ steps }) => ({
      message: trans._n(
        '%1 stale notebook is being run',
        '%1 stale notebooks are being run',
        steps.filter(({ state }) => state !== 'skipped').length
      )
    }),
    failed: reason => trans.__('Nothing was run: %1', reason)
  });
}
