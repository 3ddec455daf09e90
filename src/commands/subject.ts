import { errorMessage } from '../api/request';
import type { SnapshotDetail } from '../api/types';
import type { IMLOps } from '../tokens';
import { because, refuse } from './notify';

/**
 * What a command on a snapshot is about: the snapshot itself, or the run that it is attached to.
 */
export interface ISnapshotSubject {
  snapshotId: string | null;
  runId: string | null;
}

/**
 * Reads the snapshot, or says why `what` happened instead.
 */
export async function snapshotOf(
  { client, trans }: IMLOps,
  { runId, snapshotId }: ISnapshotSubject,
  what: string
): Promise<SnapshotDetail | null> {
  try {
    const run = runId === null ? null : await client.run(runId);
    const id = snapshotId ?? run?.snapshot_id ?? null;
    return id === null
      ? refuse(because(trans, what, trans.__('there is no snapshot.')))
      : await client.snapshot(id);
  } catch (reason) {
    return refuse(because(trans, what, errorMessage(reason)));
  }
}
