import type { INotebookModel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { errorMessage } from '../api/request';
import type { Phase } from './listState';
import type { CurrentNotebook } from './currentNotebook';
import { Latest } from './latest';

/**
 * Something that the server tells of the current notebook, as it stands: kept up while it is edited and run.
 */
export abstract class LiveReading<T> implements IDisposable {
  constructor(protected notebook: CurrentNotebook) {
    notebook.changed.connect(this._onOther, this);
    notebook.settled.connect(this._onSettled, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get phase(): Phase {
    return this._phase;
  }

  /**
   * What was last read of this notebook, also while failed.
   */
  get data(): T | null {
    return this._data;
  }

  get error(): string | null {
    return this._error;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Read again. Never rejects: see `phase` and `error`.
   */
  refresh(): Promise<void> {
    return this._reading.run();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.disconnectBetween(this.notebook, this);
      Signal.clearData(this);
    }
  }

  protected abstract read(path: string, model: INotebookModel): Promise<T>;

  private _onOther(): void {
    this._set('loading', null, null);
    void this.refresh();
  }

  private _onSettled(): void {
    void this.refresh();
  }

  private async _refresh(): Promise<void> {
    const { panel, path } = this.notebook;
    const model = panel?.context.isReady ? panel.context.model : null;
    if (this.isDisposed || path === null || !model) {
      return;
    }
    const isCurrent = () =>
      !this.isDisposed &&
      this.notebook.panel === panel &&
      this.notebook.path === path;
    try {
      const data = await this.read(path, model);
      if (isCurrent()) {
        this._set('ready', data, null);
      }
    } catch (reason) {
      if (isCurrent()) {
        this._set('failed', this._data, errorMessage(reason));
      }
    }
  }

  private _set(phase: Phase, data: T | null, error: string | null): void {
    this._phase = phase;
    this._data = data;
    this._error = error;
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _data: T | null = null;
  private _error: string | null = null;
  private _isDisposed = false;
  private _phase: Phase = 'loading';
  private _reading = new Latest(() => this._refresh());
}
