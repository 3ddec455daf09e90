import type { IPageQuery } from '../queries';
import { page } from '../queries';
import type { Send } from '../request';
import type * as api from '../types';

/**
 * Versions of data. A version is named by its digest.
 */
export const dataRequests = (send: Send) => ({
  /**
   * What notebooks read and wrote, by path; `prefix` is the start of the paths.
   */
  data({
    prefix,
    ...query
  }: IPageQuery & { prefix?: string }): Promise<api.DataPage> {
    return send('get', 'data', [], { query: { prefix, ...page(query) } });
  },

  dataVersions(path: string): Promise<api.DataVersionList> {
    return send('get', 'data/versions', [], { query: { path } });
  },

  /**
   * The snapshots that read or wrote a version.
   */
  dataUses(
    path: string,
    version: string,
    query: IPageQuery = {}
  ): Promise<api.DataUsePage> {
    return send('get', 'data/uses', [], {
      query: { path, version, ...page(query) }
    });
  },

  versionProfile(path: string, version: string): Promise<api.DataProfile> {
    return send('get', 'data/profile', [], { query: { path, version } });
  },

  dataDiff(path: string, old: string, newer: string): Promise<api.DataDiff> {
    return send('get', 'data/diff', [], { query: { path, old, new: newer } });
  },

  /**
   * Writes a version to a new path in the project, or without one in the place of what is there.
   */
  checkOutData(
    path: string,
    version: string,
    target: string | null
  ): Promise<api.DataCopy> {
    return send('post', 'data/checkouts', [], {
      body: { path, version, target, in_place: target === null }
    });
  }
});
