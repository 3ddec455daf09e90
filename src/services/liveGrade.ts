import type { ICodeCellModel } from '@jupyterlab/cells';
import { isCodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { MLOpsClient } from '../api/client';
import { errorMessage } from '../api/client';
import type { CellContent, NotebookGrade } from '../api/types';
import type { Phase } from './collection';
import type { CurrentNotebook } from './currentNotebook';
import { Latest } from './latest';

/**
 * How far the results of the current notebook can be trusted, as it stands: kept up while it is edited and run.
 */
export class LiveGrade implements IDisposable {
  constructor(client: MLOpsClient, notebook: CurrentNotebook) {
    this._client = client;
    this._notebook = notebook;
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
   * The last good grade of this notebook, also while failed.
   */
  get data(): NotebookGrade | null {
    return this._data;
  }

  get error(): string | null {
    return this._error;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Grade again. Never rejects: see `phase` and `error`.
   */
  refresh(): Promise<void> {
    return this._reading.run();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.disconnectBetween(this._notebook, this);
      Signal.clearData(this);
    }
  }

  private _onOther(): void {
    this._set('loading', null, null);
    void this.refresh();
  }

  private _onSettled(): void {
    void this.refresh();
  }

  private async _refresh(): Promise<void> {
    const { panel, path } = this._notebook;
    const model = panel?.context.isReady ? panel.context.model : null;
    if (this.isDisposed || path === null || !model) {
      return;
    }
    const isCurrent = () =>
      !this.isDisposed &&
      this._notebook.panel === panel &&
      this._notebook.path === path;
    try {
      const grade = await this._client.notebookGrade(path, codeCells(model));
      if (isCurrent()) {
        this._set('ready', grade, null);
      }
    } catch (reason) {
      if (isCurrent()) {
        this._set('failed', this._data, errorMessage(reason));
      }
    }
  }

  private _set(
    phase: Phase,
    data: NotebookGrade | null,
    error: string | null
  ): void {
    this._phase = phase;
    this._data = data;
    this._error = error;
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _client: MLOpsClient;
  private _data: NotebookGrade | null = null;
  private _error: string | null = null;
  private _isDisposed = false;
  private _notebook: CurrentNotebook;
  private _phase: Phase = 'loading';
  private _reading = new Latest(() => this._refresh());
}

function codeCells({ cells }: INotebookModel): CellContent[] {
  return [...cells].flatMap((cell, index) =>
    isCodeCellModel(cell) ? [content(cell, index)] : []
  );
}

function content(cell: ICodeCellModel, index: number): CellContent {
  return {
    index,
    cell_id: cell.id,
    source: cell.sharedModel.getSource(),
    execution_count: cell.executionCount,
    tags: (cell.getMetadata('tags') as string[] | undefined) ?? []
  };
}
