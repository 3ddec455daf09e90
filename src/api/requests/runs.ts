import type { IRunQuery, ISeriesQuery } from '../queries';
import { page } from '../queries';
import type { Send } from '../request';
import type * as api from '../types';

/**
 * Experiments, runs, and runs side by side.
 */
export const runRequests = (send: Send) => ({
  experiments(): Promise<api.ExperimentPage> {
    return send('get', 'experiments', []);
  },

  runs(query: IRunQuery = {}): Promise<api.RunPage> {
    return send('get', 'runs', [], {
      query: {
        ...page(query),
        notebook_path: query.notebookPath,
        experiment_id: query.experimentId,
        filter: query.filter,
        order_by: query.orderBy,
        automatic: query.automatic
      }
    });
  },

  runCount({
    automatic,
    experimentId,
    filter
  }: Pick<
    IRunQuery,
    'automatic' | 'experimentId' | 'filter'
  >): Promise<api.RunCount> {
    return send('get', 'run-count', [], {
      query: { experiment_id: experimentId, filter, automatic }
    });
  },

  runColumns(experimentId: string | null = null): Promise<api.RunColumns> {
    return send('get', 'run-columns', [], {
      query: { experiment_id: experimentId }
    });
  },

  runCurves(runIds: readonly string[]): Promise<api.CurveList> {
    return send('get', 'run-curves', [], {
      query: { run_ids: runIds.join(',') }
    });
  },

  metricSeries(
    runId: string,
    key: string,
    { maxPoints, startStep, endStep }: ISeriesQuery = {}
  ): Promise<api.MetricSeries> {
    return send('get', 'runs/{run_id}/metrics/{key}', [runId, key], {
      query: { max_points: maxPoints, start_step: startStep, end_step: endStep }
    });
  },

  run(runId: string): Promise<api.Run> {
    return send('get', 'runs/{run_id}', [runId]);
  },

  deleteRun(runId: string): Promise<api.Run> {
    return send('delete', 'runs/{run_id}', [runId]);
  },

  restoreRun(runId: string): Promise<api.Run> {
    return send('post', 'runs/{run_id}/restore', [runId]);
  },

  /**
   * What differs between runs or snapshots, the first of which is the baseline.
   */
  comparison(ids: readonly string[]): Promise<api.Comparison> {
    return send('get', 'comparisons', [], {
      query: { ids: ids.join(',') }
    });
  },

  cellComparison(base: string, other: string): Promise<api.CellComparison> {
    return send('get', 'comparisons/cells', [], {
      query: { base, other }
    });
  }
});
