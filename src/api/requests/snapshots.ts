import type { ISnapshotQuery } from '../queries';
import { page } from '../queries';
import type { Send } from '../request';
import type * as api from '../types';

/**
 * Snapshots: taken, shown, marked, deleted, restored and run again.
 */
export const snapshotRequests = (send: Send) => ({
  createSnapshot(
    path: string,
    message: string | null = null
  ): Promise<api.Snapshot> {
    return send('post', 'snapshots', [], {
      body: { notebook_path: path, message }
    });
  },

  createAutomaticSnapshot(
    path: string,
    origin: api.AutomaticSnapshotCreate['origin']
  ): Promise<api.AutomaticSnapshot> {
    return send('post', 'automatic-snapshots', [], {
      body: { notebook_path: path, origin }
    });
  },

  snapshots(query: ISnapshotQuery = {}): Promise<api.SnapshotPage> {
    return send('get', 'snapshots', [], {
      query: {
        ...page(query),
        notebook_path: query.notebookPath,
        tag: query.tag,
        pinned: query.pinned,
        automatic: query.automatic,
        grade: query.grade,
        text: query.text
      }
    });
  },

  markSnapshot(id: string, marks: api.SnapshotMarks): Promise<api.Snapshot> {
    return send('patch', 'snapshots/{snapshot_id}', [id], {
      body: marks
    });
  },

  deleteSnapshot(id: string): Promise<api.Snapshot> {
    return send('delete', 'snapshots/{snapshot_id}', [id]);
  },

  undeleteSnapshot(id: string): Promise<api.Snapshot> {
    return send('post', 'snapshots/{snapshot_id}/undelete', [id]);
  },

  snapshot(id: string): Promise<api.SnapshotDetail> {
    return send('get', 'snapshots/{snapshot_id}', [id]);
  },

  snapshotNotebook(
    id: string,
    outputsLimit?: number
  ): Promise<api.NotebookContent> {
    return send('get', 'snapshots/{snapshot_id}/notebook', [id], {
      query: { outputs_limit: outputsLimit }
    });
  },

  snapshotLock(id: string): Promise<api.LockFile> {
    return send('get', 'snapshots/{snapshot_id}/lock', [id]);
  },

  snapshotFigure(id: string, index: number): Promise<api.ObjectContent> {
    return send('get', 'snapshots/{snapshot_id}/figures/{index}', [id, index]);
  },

  snapshotCell(id: string, index: number): Promise<api.StoredCell> {
    return send('get', 'snapshots/{snapshot_id}/cells/{index}', [id, index]);
  },

  snapshotModule(id: string, index: number): Promise<api.StoredModule> {
    return send('get', 'snapshots/{snapshot_id}/modules/{index}', [id, index]);
  },

  /**
   * What differed from the git commit.
   */
  snapshotDiff(id: string): Promise<api.StoredDiff> {
    return send('get', 'snapshots/{snapshot_id}/diff', [id]);
  },

  dataProfile(id: string, index: number): Promise<api.DataProfile> {
    return send('get', 'snapshots/{snapshot_id}/tables/{index}', [id, index]);
  },

  restoreSnapshot(
    id: string,
    body: Partial<api.RestoreRequest>
  ): Promise<api.Restored> {
    return send('post', 'snapshots/{snapshot_id}/restore', [id], {
      body
    });
  },

  reproduceSnapshot(
    id: string,
    body: Partial<api.ReproductionRequest>
  ): Promise<api.Receipt> {
    return send('post', 'snapshots/{snapshot_id}/reproduce', [id], {
      body
    });
  },

  receipts(snapshotId: string): Promise<api.ReceiptList> {
    return send('get', 'snapshots/{snapshot_id}/receipts', [snapshotId]);
  },

  receipt(id: string): Promise<api.Receipt> {
    return send('get', 'receipts/{receipt_id}', [id]);
  },

  stopReproduction(id: string): Promise<api.Receipt> {
    return send('post', 'receipts/{receipt_id}/stop', [id]);
  }
});
