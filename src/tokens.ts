import type { TranslationBundle } from '@jupyterlab/translation';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { MLOpsClient } from './api/client';
import type { Deployment, RegisteredModel, Run, StaleList } from './api/types';
import type { Collection } from './services/collection';
import type { Pulse } from './services/pulse';
import type { RunSearch } from './services/runList';

/**
 * What the server said has changed. It is a hint: the truth is read with a GET.
 */
export interface IServerEvent {
  room: 'tracking' | 'snapshots' | 'registry' | 'deployments';
  action: 'created' | 'changed' | 'deleted';
  id: string;
}

/**
 * The server part as the front end sees it.
 */
export interface IMLOps {
  readonly client: MLOpsClient;
  readonly runs: Collection<Run>;
  readonly models: Collection<RegisteredModel>;
  readonly deployments: Collection<Deployment>;

  /**
   * What depends on something that has changed since, in one list of notebooks, versions of models, deployments: read
   * once for all views.
   */
  readonly stale: Collection<StaleList>;

  /**
   * Beats when what depends on files may have changed.
   */
  readonly pulse: Pulse;
  readonly trans: TranslationBundle;

  /**
   * Which runs `runs` holds: all, until something is looked for.
   */
  readonly runSearch: RunSearch;

  /**
   * Let `runs` hold those that the search finds. Never rejects.
   */
  searchRuns(search: RunSearch): Promise<void>;

  /**
   * Emitted for each event of the server part.
   */
  readonly serverChanged: ISignal<IMLOps, IServerEvent>;

  /**
   * Keep a deployment's bearer token for as long as the page lives: the server shows it only once.
   */
  rememberToken(deployment: string, token: string): void;

  tokenOf(deployment: string): string | null;
}

export const IMLOps = new Token<IMLOps>(
  'jupyter-mlops:IMLOps',
  'Runs, models and deployments of the MLOps server part.'
);
