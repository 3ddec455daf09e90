import type { Send } from '../request';
import type * as api from '../types';

/**
 * Notebooks with a live kernel.
 */
export const notebookRequests = (send: Send) => ({
  notebookGrade(
    path: string,
    cells: api.CellContent[]
  ): Promise<api.NotebookGrade> {
    return send('post', 'notebook-grade', [], {
      body: { notebook_path: path, cells }
    });
  },

  /**
   * Looks at the notebook of a run or a snapshot as it is now: at what an editor holds if the base64 of that is given,
   * else at the file. In comparisons, the answer's id is as good as that of a snapshot, for as long as somebody looks.
   */
  presentNotebook(
    id: string,
    content: string | null = null
  ): Promise<api.PresentNotebook> {
    return send('post', 'present-notebooks', [], { body: { id, content } });
  },

  liveData(path: string): Promise<api.LiveData> {
    return send('get', 'live-data', [], {
      query: { notebook_path: path }
    });
  },

  liveExperiment(body: api.ExperimentRequest): Promise<api.LiveExperiment> {
    return send('post', 'live-experiment', [], { body });
  },

  liveModels(path: string): Promise<api.LiveModelList> {
    return send('get', 'live-models', [], {
      query: { notebook_path: path }
    });
  }
});
