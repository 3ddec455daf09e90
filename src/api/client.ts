import type { ServerConnection } from '@jupyterlab/services';

import type {
  ILineageQuery,
  IPageQuery,
  IRunQuery,
  ISeriesQuery,
  ISnapshotQuery
} from './queries';
import { page } from './queries';
import type { Parts, Path, Reply, Values, VerbOf } from './request';
import { send } from './request';
import type * as api from './types';

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
    return this._send('get', 'status', []);
  }

  experiments(): Promise<api.ExperimentPage> {
    return this._send('get', 'experiments', []);
  }

  runs(query: IRunQuery = {}): Promise<api.RunPage> {
    return this._send('get', 'runs', [], {
      query: {
        ...page(query),
        notebook_path: query.notebookPath,
        experiment_id: query.experimentId,
        filter: query.filter,
        order_by: query.orderBy,
        automatic: query.automatic
      }
    });
  }

  runCount({
    automatic,
    experimentId,
    filter
  }: Pick<
    IRunQuery,
    'automatic' | 'experimentId' | 'filter'
  >): Promise<api.RunCount> {
    return this._send('get', 'run-count', [], {
      query: { experiment_id: experimentId, filter, automatic }
    });
  }

  runColumns(experimentId: string | null = null): Promise<api.RunColumns> {
    return this._send('get', 'run-columns', [], {
      query: { experiment_id: experimentId }
    });
  }

  runCurves(runIds: readonly string[]): Promise<api.CurveList> {
    return this._send('get', 'run-curves', [], {
      query: { run_ids: runIds.join(',') }
    });
  }

  metricSeries(
    runId: string,
    key: string,
    { maxPoints, startStep, endStep }: ISeriesQuery = {}
  ): Promise<api.MetricSeries> {
    return this._send('get', 'runs/{run_id}/metrics/{key}', [runId, key], {
      query: { max_points: maxPoints, start_step: startStep, end_step: endStep }
    });
  }

  run(runId: string): Promise<api.Run> {
    return this._send('get', 'runs/{run_id}', [runId]);
  }

  deleteRun(runId: string): Promise<api.Run> {
    return this._send('delete', 'runs/{run_id}', [runId]);
  }

  restoreRun(runId: string): Promise<api.Run> {
    return this._send('post', 'runs/{run_id}/restore', [runId]);
  }

  createSnapshot(
    path: string,
    message: string | null = null
  ): Promise<api.Snapshot> {
    return this._send('post', 'snapshots', [], {
      body: { notebook_path: path, message }
    });
  }

  createAutomaticSnapshot(
    path: string,
    origin: api.AutomaticSnapshotCreate['origin']
  ): Promise<api.AutomaticSnapshot> {
    return this._send('post', 'automatic-snapshots', [], {
      body: { notebook_path: path, origin }
    });
  }

  snapshots(query: ISnapshotQuery = {}): Promise<api.SnapshotPage> {
    return this._send('get', 'snapshots', [], {
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
    return this._send('patch', 'snapshots/{snapshot_id}', [id], {
      body: marks
    });
  }

  deleteSnapshot(id: string): Promise<api.Snapshot> {
    return this._send('delete', 'snapshots/{snapshot_id}', [id]);
  }

  undeleteSnapshot(id: string): Promise<api.Snapshot> {
    return this._send('post', 'snapshots/{snapshot_id}/undelete', [id]);
  }

  snapshot(id: string): Promise<api.SnapshotDetail> {
    return this._send('get', 'snapshots/{snapshot_id}', [id]);
  }

  snapshotNotebook(
    id: string,
    outputsLimit?: number
  ): Promise<api.NotebookContent> {
    return this._send('get', 'snapshots/{snapshot_id}/notebook', [id], {
      query: { outputs_limit: outputsLimit }
    });
  }

  snapshotLock(id: string): Promise<api.LockFile> {
    return this._send('get', 'snapshots/{snapshot_id}/lock', [id]);
  }

  snapshotFigure(id: string, index: number): Promise<api.ObjectContent> {
    return this._send('get', 'snapshots/{snapshot_id}/figures/{index}', [
      id,
      index
    ]);
  }

  notebookGrade(
    path: string,
    cells: api.CellContent[]
  ): Promise<api.NotebookGrade> {
    return this._send('post', 'notebook-grade', [], {
      body: { notebook_path: path, cells }
    });
  }

  snapshotCell(id: string, index: number): Promise<api.StoredCell> {
    return this._send('get', 'snapshots/{snapshot_id}/cells/{index}', [
      id,
      index
    ]);
  }

  snapshotModule(id: string, index: number): Promise<api.StoredModule> {
    return this._send('get', 'snapshots/{snapshot_id}/modules/{index}', [
      id,
      index
    ]);
  }

  /**
   * What differs between runs or snapshots, the first of which is the baseline.
   */
  comparison(ids: readonly string[]): Promise<api.Comparison> {
    return this._send('get', 'comparisons', [], {
      query: { ids: ids.join(',') }
    });
  }

  cellComparison(base: string, other: string): Promise<api.CellComparison> {
    return this._send('get', 'comparisons/cells', [], {
      query: { base, other }
    });
  }

  restoreSnapshot(
    id: string,
    body: Partial<api.RestoreRequest>
  ): Promise<api.Restored> {
    return this._send('post', 'snapshots/{snapshot_id}/restore', [id], {
      body
    });
  }

  reproduceSnapshot(
    id: string,
    body: Partial<api.ReproductionRequest>
  ): Promise<api.Receipt> {
    return this._send('post', 'snapshots/{snapshot_id}/reproduce', [id], {
      body
    });
  }

  receipts(snapshotId: string): Promise<api.ReceiptList> {
    return this._send('get', 'snapshots/{snapshot_id}/receipts', [snapshotId]);
  }

  receipt(id: string): Promise<api.Receipt> {
    return this._send('get', 'receipts/{receipt_id}', [id]);
  }

  stopReproduction(id: string): Promise<api.Receipt> {
    return this._send('post', 'receipts/{receipt_id}/stop', [id]);
  }

  dataProfile(id: string, index: number): Promise<api.DataProfile> {
    return this._send('get', 'snapshots/{snapshot_id}/tables/{index}', [
      id,
      index
    ]);
  }

  liveData(path: string): Promise<api.LiveData> {
    return this._send('get', 'live-data', [], {
      query: { notebook_path: path }
    });
  }

  liveExperiment(body: api.ExperimentRequest): Promise<api.LiveExperiment> {
    return this._send('post', 'live-experiment', [], { body });
  }

  liveModels(path: string): Promise<api.LiveModelList> {
    return this._send('get', 'live-models', [], {
      query: { notebook_path: path }
    });
  }

  models(query: IPageQuery = {}): Promise<api.RegisteredModelPage> {
    return this._send('get', 'models', [], { query: page(query) });
  }

  model(name: string): Promise<api.RegisteredModelDetail> {
    return this._send('get', 'models/{name}', [name]);
  }

  registerModel(
    name: string,
    body: Partial<api.ModelVersionCreate>
  ): Promise<api.ModelVersion> {
    return this._send('post', 'models/{name}/versions', [name], { body });
  }

  modelVersion(name: string, version: number): Promise<api.ModelVersion> {
    return this._send('get', 'models/{name}/versions/{version}', [
      name,
      version
    ]);
  }

  setAlias(
    name: string,
    alias: string,
    version: number
  ): Promise<api.RegisteredModel> {
    return this._send('put', 'models/{name}/aliases/{alias}', [name, alias], {
      body: { version }
    });
  }

  deleteAlias(name: string, alias: string): Promise<api.RegisteredModel> {
    return this._send('delete', 'models/{name}/aliases/{alias}', [name, alias]);
  }

  aliasChanges(name: string): Promise<api.AliasHistory> {
    return this._send('get', 'models/{name}/alias-changes', [name]);
  }

  lineage({ node, ...query }: ILineageQuery): Promise<api.Lineage> {
    return this._send('get', 'lineage', [], { query: { node, ...query } });
  }

  stale(): Promise<api.StaleList> {
    return this._send('get', 'stale', []);
  }

  reruns(): Promise<api.RerunPage> {
    return this._send('get', 'reruns', []);
  }

  startRerun(): Promise<api.Rerun> {
    return this._send('post', 'reruns', [], { body: {} });
  }

  stopRerun(id: string): Promise<api.Rerun> {
    return this._send('delete', 'reruns/{rerun_id}', [id]);
  }

  deployments(): Promise<api.DeploymentPage> {
    return this._send('get', 'deployments', []);
  }

  deployment(name: string): Promise<api.Deployment> {
    return this._send('get', 'deployments/{name}', [name]);
  }

  deploy(
    body: Partial<api.DeploymentCreate> & { model_name: string }
  ): Promise<api.DeploymentCreated> {
    return this._send('post', 'deployments', [], { body });
  }

  deleteDeployment(name: string): Promise<void> {
    return this._send('delete', 'deployments/{name}', [name]);
  }

  stopDeployment(name: string): Promise<api.Deployment> {
    return this._send('post', 'deployments/{name}/stop', [name]);
  }

  startDeployment(name: string): Promise<api.Deployment> {
    return this._send('post', 'deployments/{name}/start', [name]);
  }

  rollBack(name: string): Promise<api.Deployment> {
    return this._send('post', 'deployments/{name}/rollback', [name]);
  }

  renewToken(name: string): Promise<api.DeploymentToken> {
    return this._send('post', 'deployments/{name}/token', [name]);
  }

  predict(name: string, payload: unknown): Promise<api.Prediction> {
    return this._send('post', 'deployments/{name}/predict', [name], {
      body: { payload }
    });
  }

  deploymentExample(name: string): Promise<api.DeploymentExample> {
    return this._send('get', 'deployments/{name}/example', [name]);
  }

  deploymentLog(name: string, tail?: number): Promise<api.DeploymentLog> {
    return this._send('get', 'deployments/{name}/log', [name], {
      query: { tail }
    });
  }

  private _send<P extends Path, V extends VerbOf<P>>(
    verb: V,
    path: P,
    values: Values<P>,
    ...parts: Parts<P, V>
  ): Promise<Reply<P, V>> {
    return send(this.serverSettings, verb, path, values, ...parts);
  }
}
