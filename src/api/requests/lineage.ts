import type { ILineageQuery } from '../queries';
import type { Send } from '../request';
import type * as api from '../types';

/**
 * What depends on what, and what of it is run again.
 */
export const lineageRequests = (send: Send) => ({
  lineage({ node, ...query }: ILineageQuery): Promise<api.Lineage> {
    return send('get', 'lineage', [], { query: { node, ...query } });
  },

  searchLineage(text: string): Promise<api.LineageMatches> {
    return send('get', 'lineage/search', [], { query: { text } });
  },

  stale(): Promise<api.StaleList> {
    return send('get', 'stale', []);
  },

  reruns(): Promise<api.RerunPage> {
    return send('get', 'reruns', []);
  },

  startRerun(notebookPaths: string[] = []): Promise<api.Rerun> {
    return send('post', 'reruns', [], {
      body: { notebook_paths: notebookPaths }
    });
  },

  stopRerun(id: string): Promise<api.Rerun> {
    return send('delete', 'reruns/{rerun_id}', [id]);
  }
});
