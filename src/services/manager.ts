import type { Event, ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { MLOpsClient } from '../api/client';
import { createClient } from '../api/client';
import type { Deployment, RegisteredModel, Run, StaleList } from '../api/types';
import type { IMLOps, IServerEvent } from '../tokens';
import { Collection } from './collection';
import { Pulse } from './pulse';
import type { RunSearch } from './runList';
import { isOpen } from './underway';

const EVENT_SCHEMA =
  /^https:\/\/events\.jupyter\.org\/jupyter_mlops\/(tracking|snapshots|registry|deployments)\/v1$/;
const PAGE_SIZE = 50;

// the server looks at files for it
const STALE_INTERVALS = { settled: 30_000, unsettled: 30_000 };

export interface IMLOpsManagerOptions {
  events: Event.IManager;
  serverSettings: ServerConnection.ISettings;
  trans: TranslationBundle;
}

/**
 * Holds what is known of the server part, and refreshes it when the server says that it changed.
 */
export class MLOpsManager implements IMLOps, IDisposable {
  constructor({ events, serverSettings, trans }: IMLOpsManagerOptions) {
    const client = createClient(
      serverSettings,
      trans.__('The Jupyter server does not answer')
    );
    this.client = client;
    this.trans = trans;
    this.runs = new Collection<Run>({
      name: 'runs',
      load: pageToken =>
        client.runs({ ...this._runSearch, limit: PAGE_SIZE, pageToken }),
      isUnsettled: runs => runs.some(isOpen)
    });
    this.models = new Collection<RegisteredModel>({
      name: 'models',
      load: pageToken => client.models({ limit: PAGE_SIZE, pageToken })
    });
    this.deployments = new Collection<Deployment>({
      name: 'deployments',
      load: () => client.deployments(),
      isUnsettled: items => items.some(({ state }) => state === 'pending')
    });
    this.stale = new Collection<StaleList>({
      name: 'stale',
      load: async () => ({ items: [await client.stale()], next_token: null }),
      intervals: STALE_INTERVALS
    });
    this.pulse.beat.connect(() => this.stale.hint());
    this._events = events;
    events.stream.connect(this._onEvent, this);
  }

  readonly client: MLOpsClient;
  readonly deployments: Collection<Deployment>;
  readonly models: Collection<RegisteredModel>;
  readonly pulse = new Pulse();
  readonly runs: Collection<Run>;
  readonly stale: Collection<StaleList>;
  readonly trans: TranslationBundle;

  get serverChanged(): ISignal<this, IServerEvent> {
    return this._serverChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get runSearch(): RunSearch {
    return this._runSearch;
  }

  searchRuns(search: RunSearch): Promise<void> {
    this._runSearch = search;
    return this.runs.startOver();
  }

  rememberToken(deployment: string, token: string): void {
    this._tokens.set(deployment, token);
  }

  tokenOf(deployment: string): string | null {
    return this._tokens.get(deployment) ?? null;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._events.stream.disconnect(this._onEvent, this);
    this.runs.dispose();
    this.models.dispose();
    this.deployments.dispose();
    this.pulse.dispose();
    this.stale.dispose();
    Signal.clearData(this);
  }

  private _onEvent(sender: Event.IManager, emission: Event.Emission): void {
    const room = EVENT_SCHEMA.exec(emission.schema_id)?.[1];
    if (room === undefined) {
      return;
    }
    const event = {
      room,
      action: emission.action,
      id: String(emission.id)
    } as IServerEvent;
    if (event.room === 'deployments' && event.action === 'deleted') {
      this._tokens.delete(event.id);
    }
    this._collectionOf(event.room).hint();
    // what is logged to a run makes nothing stale
    if (event.room !== 'tracking' || event.action === 'deleted') {
      this.pulse.hint();
    }
    this._serverChanged.emit(event);
  }

  private _collectionOf(room: IServerEvent['room']): { hint(): void } {
    switch (room) {
      case 'registry':
        return this.models;
      case 'deployments':
        return this.deployments;
      default:
        return this.runs;
    }
  }

  private _events: Event.IManager;
  private _isDisposed = false;
  private _runSearch: RunSearch = {};
  private _serverChanged = new Signal<this, IServerEvent>(this);
  private _tokens = new Map<string, string>();
}
