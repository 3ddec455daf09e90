import type { MLOpsClient } from '../api/client';
import type { ISnapshotQuery } from '../api/queries';
import type { Snapshot, SnapshotDetail } from '../api/types';
import { LongList } from './longList';

const PAGE_SIZE = 100;

export type SnapshotSearch = Omit<ISnapshotQuery, 'limit' | 'pageToken'>;

/**
 * The snapshots that a search finds, newest first.
 */
export class SnapshotList extends LongList<Snapshot, SnapshotSearch> {
  constructor(client: MLOpsClient, search: SnapshotSearch = {}) {
    super(
      {
        load: (wanted, pageToken) =>
          client.snapshots({ ...wanted, limit: PAGE_SIZE, pageToken }),
        reread: async id => {
          const snapshot = await client.snapshot(id);
          return snapshot.deleted ? null : withoutManifest(snapshot);
        },
        idOf: snapshot => snapshot.id
      },
      search
    );
  }
}

/**
 * What lists have of a snapshot; the rest may be megabytes.
 */
function withoutManifest(detail: SnapshotDetail): Snapshot {
  const snapshot: Snapshot & { manifest?: unknown } = { ...detail };
  delete snapshot.manifest;
  return snapshot;
}
