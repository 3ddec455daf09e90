import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type * as api from './types';

type Query = Record<string, string | number | boolean | null | undefined>;

/**
 * Which part of a list to read.
 */
export interface IPageQuery {
  limit?: number;
  pageToken?: string | null;
}

/**
 * Which runs to list.
 */
export interface IRunQuery extends IPageQuery {
  notebookPath?: string | null;
  experimentId?: string | null;

  /**
   * A condition in MLflow's grammar.
   */
  filter?: string | null;

  /**
   * Sort keys in MLflow's grammar, commas between.
   */
  orderBy?: string | null;
}

/**
 * Which snapshots to list.
 */
export interface ISnapshotQuery extends IPageQuery {
  /**
   * Where the notebook is now, relative to the project.
   */
  notebookPath?: string | null;
  tag?: string | null;
  pinned?: boolean | null;

  /**
   * Those that were taken on a save or a whole run, or the others.
   */
  automatic?: boolean | null;
}

/**
 * Which part of a metric's course to read, and in how many points.
 */
export interface ISeriesQuery {
  maxPoints?: number;
  startStep?: number | null;
  endStep?: number | null;
}

/**
 * How much of the lineage graph to read; `node` is null for what is newest of all.
 */
export interface ILineageQuery {
  node: string | null;
  direction?: 'upstream' | 'downstream' | 'both';
  limit?: number;
  depth?: number;

  /**
   * How many snapshots of one notebook to follow.
   */
  fan?: number;
}

/**
 * One typed method for each operation of the server part.
 *
 * A reply outside 2xx rejects with a `ServerConnection.ResponseError`, whose message is the server's sentence;
 * an unreachable server rejects with a `ServerConnection.NetworkError`.
 */
export class MLOpsClient {
  constructor(serverSettings: ServerConnection.ISettings) {
    this.serverSettings = serverSettings;
  }

  readonly serverSettings: ServerConnection.ISettings;

  status(): Promise<api.Status> {
    return this._request('GET', ['status']);
  }

  experiments(): Promise<api.ExperimentPage> {
    return this._request('GET', ['experiments']);
  }

  runs(query: IRunQuery = {}): Promise<api.RunPage> {
    return this._request('GET', ['runs'], {
      query: {
        ...page(query),
        notebook_path: query.notebookPath,
        experiment_id: query.experimentId,
        filter: query.filter,
        order_by: query.orderBy
      }
    });
  }

  runCount({
    experimentId,
    filter
  }: Pick<IRunQuery, 'experimentId' | 'filter'>): Promise<api.RunCount> {
    return this._request('GET', ['run-count'], {
      query: { experiment_id: experimentId, filter }
    });
  }

  runColumns(experimentId: string | null = null): Promise<api.RunColumns> {
    return this._request('GET', ['run-columns'], {
      query: { experiment_id: experimentId }
    });
  }

  runCurves(runIds: readonly string[]): Promise<api.CurveList> {
    return this._request('GET', ['run-curves'], {
      query: { run_ids: runIds.join(',') }
    });
  }

  metricSeries(
    runId: string,
    key: string,
    { maxPoints, startStep, endStep }: ISeriesQuery = {}
  ): Promise<api.MetricSeries> {
    return this._request('GET', ['runs', runId, 'metrics', key], {
      query: { max_points: maxPoints, start_step: startStep, end_step: endStep }
    });
  }

  run(runId: string): Promise<api.Run> {
    return this._request('GET', ['runs', runId]);
  }

  deleteRun(runId: string): Promise<api.Run> {
    return this._request('DELETE', ['runs', runId]);
  }

  restoreRun(runId: string): Promise<api.Run> {
    return this._request('POST', ['runs', runId, 'restore']);
  }

  createSnapshot(
    path: string,
    message: string | null = null
  ): Promise<api.Snapshot> {
    return this._request('POST', ['snapshots'], {
      body: { notebook_path: path, message }
    });
  }

  createAutomaticSnapshot(
    path: string,
    origin: api.AutomaticSnapshotCreate['origin']
  ): Promise<api.AutomaticSnapshot> {
    return this._request('POST', ['automatic-snapshots'], {
      body: { notebook_path: path, origin }
    });
  }

  snapshots(query: ISnapshotQuery = {}): Promise<api.SnapshotPage> {
    return this._request('GET', ['snapshots'], {
      query: {
        ...page(query),
        notebook_path: query.notebookPath,
        tag: query.tag,
        pinned: query.pinned,
        automatic: query.automatic
      }
    });
  }

  markSnapshot(id: string, marks: api.SnapshotMarks): Promise<api.Snapshot> {
    return this._request('PATCH', ['snapshots', id], { body: marks });
  }

  deleteSnapshot(id: string): Promise<api.Snapshot> {
    return this._request('DELETE', ['snapshots', id]);
  }

  undeleteSnapshot(id: string): Promise<api.Snapshot> {
    return this._request('POST', ['snapshots', id, 'undelete']);
  }

  snapshot(id: string): Promise<api.SnapshotDetail> {
    return this._request('GET', ['snapshots', id]);
  }

  snapshotNotebook(id: string): Promise<api.NotebookContent> {
    return this._request('GET', ['snapshots', id, 'notebook']);
  }

  snapshotLock(id: string): Promise<api.LockFile> {
    return this._request('GET', ['snapshots', id, 'lock']);
  }

  snapshotFigure(id: string, index: number): Promise<api.ObjectContent> {
    return this._request('GET', ['snapshots', id, 'figures', `${index}`]);
  }

  notebookGrade(
    path: string,
    cells: api.CellContent[]
  ): Promise<api.NotebookGrade> {
    return this._request('POST', ['notebook-grade'], {
      body: { notebook_path: path, cells }
    });
  }

  snapshotCell(id: string, index: number): Promise<api.StoredCell> {
    return this._request('GET', ['snapshots', id, 'cells', `${index}`]);
  }

  snapshotModule(id: string, index: number): Promise<api.StoredModule> {
    return this._request('GET', ['snapshots', id, 'modules', `${index}`]);
  }

  /**
   * What differs between runs or snapshots, the first of which is the baseline.
   */
  comparison(ids: readonly string[]): Promise<api.Comparison> {
    return this._request('GET', ['comparisons'], {
      query: { ids: ids.join(',') }
    });
  }

  cellComparison(base: string, other: string): Promise<api.CellComparison> {
    return this._request('GET', ['comparisons', 'cells'], {
      query: { base, other }
    });
  }

  restoreSnapshot(
    id: string,
    body: Partial<api.RestoreRequest>
  ): Promise<api.Restored> {
    return this._request('POST', ['snapshots', id, 'restore'], { body });
  }

  reproduceSnapshot(
    id: string,
    body: Partial<api.ReproductionRequest>
  ): Promise<api.Receipt> {
    return this._request('POST', ['snapshots', id, 'reproduce'], { body });
  }

  receipts(snapshotId: string): Promise<api.ReceiptList> {
    return this._request('GET', ['snapshots', snapshotId, 'receipts']);
  }

  receipt(id: string): Promise<api.Receipt> {
    return this._request('GET', ['receipts', id]);
  }

  stopReproduction(id: string): Promise<api.Receipt> {
    return this._request('POST', ['receipts', id, 'stop']);
  }

  dataProfile(id: string, index: number): Promise<api.DataProfile> {
    return this._request('GET', ['snapshots', id, 'tables', `${index}`]);
  }

  liveData(path: string): Promise<api.LiveData> {
    return this._request('GET', ['live-data'], {
      query: { notebook_path: path }
    });
  }

  liveModels(path: string): Promise<api.LiveModelList> {
    return this._request('GET', ['live-models'], {
      query: { notebook_path: path }
    });
  }

  models(query: IPageQuery = {}): Promise<api.RegisteredModelPage> {
    return this._request('GET', ['models'], { query: page(query) });
  }

  model(name: string): Promise<api.RegisteredModelDetail> {
    return this._request('GET', ['models', name]);
  }

  registerModel(
    name: string,
    body: Partial<api.ModelVersionCreate>
  ): Promise<api.ModelVersion> {
    return this._request('POST', ['models', name, 'versions'], { body });
  }

  modelVersion(name: string, version: number): Promise<api.ModelVersion> {
    return this._request('GET', ['models', name, 'versions', `${version}`]);
  }

  setAlias(
    name: string,
    alias: string,
    version: number
  ): Promise<api.RegisteredModel> {
    return this._request('PUT', ['models', name, 'aliases', alias], {
      body: { version }
    });
  }

  deleteAlias(name: string, alias: string): Promise<api.RegisteredModel> {
    return this._request('DELETE', ['models', name, 'aliases', alias]);
  }

  aliasChanges(name: string): Promise<api.AliasHistory> {
    return this._request('GET', ['models', name, 'alias-changes']);
  }

  lineage({ node, ...query }: ILineageQuery): Promise<api.Lineage> {
    return this._request('GET', ['lineage'], { query: { node, ...query } });
  }

  stale(): Promise<api.StaleList> {
    return this._request('GET', ['stale']);
  }

  reruns(): Promise<api.RerunPage> {
    return this._request('GET', ['reruns']);
  }

  startRerun(): Promise<api.Rerun> {
    return this._request('POST', ['reruns'], { body: {} });
  }

  stopRerun(id: string): Promise<api.Rerun> {
    return this._request('DELETE', ['reruns', id]);
  }

  deployments(): Promise<api.DeploymentPage> {
    return this._request('GET', ['deployments']);
  }

  deployment(name: string): Promise<api.Deployment> {
    return this._request('GET', ['deployments', name]);
  }

  deploy(
    body: Partial<api.DeploymentCreate> & { model_name: string }
  ): Promise<api.DeploymentCreated> {
    return this._request('POST', ['deployments'], { body });
  }

  deleteDeployment(name: string): Promise<void> {
    return this._request('DELETE', ['deployments', name]);
  }

  stopDeployment(name: string): Promise<api.Deployment> {
    return this._request('POST', ['deployments', name, 'stop']);
  }

  startDeployment(name: string): Promise<api.Deployment> {
    return this._request('POST', ['deployments', name, 'start']);
  }

  rollBack(name: string): Promise<api.Deployment> {
    return this._request('POST', ['deployments', name, 'rollback']);
  }

  renewToken(name: string): Promise<api.DeploymentToken> {
    return this._request('POST', ['deployments', name, 'token']);
  }

  predict(name: string, payload: unknown): Promise<api.Prediction> {
    return this._request('POST', ['deployments', name, 'predict'], {
      body: { payload }
    });
  }

  deploymentExample(name: string): Promise<api.DeploymentExample> {
    return this._request('GET', ['deployments', name, 'example']);
  }

  deploymentLog(name: string, tail?: number): Promise<api.DeploymentLog> {
    return this._request('GET', ['deployments', name, 'log'], {
      query: { tail }
    });
  }

  private async _request<T>(
    method: string,
    segments: string[],
    { query = {}, body }: { query?: Query; body?: object } = {}
  ): Promise<T> {
    const url = URLExt.join(
      this.serverSettings.baseUrl,
      'api/mlops',
      ...segments.map(encodeURIComponent)
    );
    const response = await ServerConnection.makeRequest(
      url + queryString(query),
      { method, body: body === undefined ? null : JSON.stringify(body) },
      this.serverSettings
    );
    if (!response.ok) {
      throw await ServerConnection.ResponseError.create(response);
    }
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
}

/**
 * What to tell the user about a failed request.
 */
export function errorMessage(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

function page({ limit, pageToken }: IPageQuery): Query {
  return { limit, page_token: pageToken };
}

function queryString(query: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) {
      search.set(key, String(value));
    }
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}
