import type { Send } from '../request';
import type * as api from '../types';

/**
 * What the store lets go, and what is erased from it.
 */
export const storageRequests = (send: Send) => ({
  /**
   * What would be removed now, by a rule for data, or by that of the store's owner.
   */
  storage(keepData: string | null): Promise<api.Storage> {
    return send('get', 'storage', [], { query: { keep_data: keepData } });
  },

  collectStorage(keepData: string | null): Promise<api.Collected> {
    return send('post', 'storage/collections', [], {
      body: { keep_data: keepData }
    });
  },

  /**
   * What an erasure of a version would take, or of all versions.
   */
  erasable(path: string, version: string | null): Promise<api.Erasable> {
    return send('get', 'erasures/preview', [], { query: { path, version } });
  },

  eraseData(
    path: string,
    version: string | null,
    reason: string
  ): Promise<api.Erased> {
    return send('post', 'erasures', [], { body: { path, version, reason } });
  },

  erasures(): Promise<api.ErasureList> {
    return send('get', 'erasures', []);
  }
});
