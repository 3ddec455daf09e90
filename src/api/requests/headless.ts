import type { Send } from '../request';
import type * as api from '../types';

/**
 * Notebooks that are run headless.
 */
export const headlessRequests = (send: Send) => ({
  notebookParameters(path: string): Promise<api.NotebookParameters> {
    return send('get', 'notebook-parameters', [], {
      query: { notebook_path: path }
    });
  },

  headlessRuns(): Promise<api.HeadlessRunList> {
    return send('get', 'headless-runs', []);
  },

  headlessRun(id: string): Promise<api.HeadlessRun> {
    return send('get', 'headless-runs/{run_id}', [id]);
  },

  startHeadlessRun(
    path: string,
    options: api.HeadlessOptions
  ): Promise<api.HeadlessRun> {
    return send('post', 'headless-runs', [], {
      body: { notebook_path: path, ...options }
    });
  },

  stopHeadlessRun(id: string): Promise<api.HeadlessRun> {
    return send('post', 'headless-runs/{run_id}/stop', [id]);
  }
});
