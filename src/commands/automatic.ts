import type { ISessionContext } from '@jupyterlab/apputils';
import { Notification } from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Notebook } from '@jupyterlab/notebook';

import { errorMessage } from '../api/request';
import type { AutomaticSnapshotCreate } from '../api/types';
import type { IMLOps } from '../tokens';
import { because } from './notify';
import { saveIfDirty } from './save';

type Occasion = AutomaticSnapshotCreate['origin'];

/**
 * A notebook that is open, as far as it is needed here.
 */
export interface IOpenNotebook {
  readonly context: Pick<
    DocumentRegistry.Context,
    'localPath' | 'model' | 'save'
  >;
  readonly sessionContext: Pick<
    ISessionContext,
    'disposed' | 'session' | 'statusChanged'
  >;
  readonly isDisposed: boolean;
}

/**
 * Takes snapshots that nobody asked for, quietly: one at a time for each notebook, while its kernel is idle. The server
 * takes none where nothing has happened since the last one.
 */
export class AutomaticSnapshots {
  constructor(mlops: IMLOps) {
    this._mlops = mlops;
  }

  /**
   * Take one when the kernel is idle. What is asked for meanwhile is done once, afterwards.
   */
  async take(notebook: IOpenNotebook, occasion: Occasion): Promise<void> {
    if (this._busy.has(notebook)) {
      this._next.set(notebook, occasion);
      return;
    }
    this._busy.add(notebook);
    try {
      await this._take(notebook, occasion);
      this._hasFailed = false;
    } catch (reason) {
      this._tellOnce(errorMessage(reason));
    } finally {
      this._busy.delete(notebook);
    }
    const next = this._next.get(notebook);
    if (next !== undefined) {
      this._next.delete(notebook);
      await this.take(notebook, next);
    }
  }

  private async _take(
    notebook: IOpenNotebook,
    occasion: Occasion
  ): Promise<void> {
    const { client, trans } = this._mlops;
    await untilIdle(notebook.sessionContext);
    if (notebook.isDisposed) {
      return;
    }
    const { context } = notebook;
    // the outputs of the run are not on disk yet
    await saveIfDirty(context as DocumentRegistry.Context, trans);
    await client.createAutomaticSnapshot(context.localPath, occasion);
  }

  /**
   * Who works is not told again and again what does not work.
   */
  private _tellOnce(reason: string): void {
    const { trans } = this._mlops;
    if (!this._hasFailed) {
      const what = trans.__('No automatic snapshot was taken');
      Notification.warning(because(trans, what, reason));
    }
    this._hasFailed = true;
  }

  private _busy = new Set<IOpenNotebook>();
  private _hasFailed = false;
  private _mlops: IMLOps;
  private _next = new Map<IOpenNotebook, Occasion>();
}

/**
 * Tells runs of all cells from runs of some, by what was scheduled.
 */
export class WholeRuns {
  scheduled(notebook: Notebook, cell: Cell): void {
    const cells = this._cells.get(notebook) ?? new Set<Cell>();
    cells.add(cell);
    this._cells.set(notebook, cells);
  }

  /**
   * Whether the cells that were scheduled since the last call are all code cells of the notebook.
   */
  isWhole(notebook: Notebook): boolean {
    const cells = this._cells.get(notebook) ?? new Set<Cell>();
    this._cells.delete(notebook);
    const code = notebook.widgets.filter(
      ({ model }) =>
        model.type === 'code' && model.sharedModel.getSource().trim() !== ''
    );
    return code.length > 0 && code.every(cell => cells.has(cell));
  }

  private _cells = new WeakMap<Notebook, Set<Cell>>();
}

/**
 * Waits until no cell runs. A kernel that is dead or gone runs none, nor does that of a closed notebook.
 */
async function untilIdle({
  disposed,
  session,
  statusChanged
}: IOpenNotebook['sessionContext']): Promise<void> {
  const isBusy = () =>
    /busy|starting|restarting/.test(session?.kernel?.status ?? '');
  if (!isBusy()) {
    return;
  }
  await new Promise<void>(idle => {
    const end = () => {
      statusChanged.disconnect(onStatus);
      disposed.disconnect(end);
      idle();
    };
    const onStatus = () => {
      if (!isBusy()) {
        end();
      }
    };
    statusChanged.connect(onStatus);
    disposed.connect(end);
  });
}
