import type { Notification } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { CommandRegistry } from '@lumino/commands';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Snapshot } from '../api/types';
import { formatNumber } from '../components/number';
import { gradeName, isMendable } from '../components/GradeDot';
import type { IMLOps } from '../tokens';
import { CommandIDs } from './ids';
import type { IOutcome } from './notify';
import { because, notifying } from './notify';
import { saveIfDirty } from './save';

/**
 * Takes snapshots of notebooks, one at a time for each notebook.
 */
export class Snapshots {
  constructor(mlops: IMLOps, commands: CommandRegistry) {
    this._mlops = mlops;
    this._commands = commands;
  }

  /**
   * Emitted when a notebook becomes busy or is no longer.
   */
  get busyChanged(): ISignal<this, void> {
    return this._busyChanged;
  }

  isBusy(context: DocumentRegistry.Context): boolean {
    return this._busy.has(context);
  }

  /**
   * Save the notebook, then snapshot it.
   *
   * @returns the snapshot, or `null` if it failed or is already being taken.
   */
  async create(context: DocumentRegistry.Context): Promise<Snapshot | null> {
    if (this.isBusy(context)) {
      return null;
    }
    const { client, runs, trans } = this._mlops;
    this._setBusy(context, true);
    try {
      const snapshot = await notifying(
        async () => {
          await saveIfDirty(context, trans);
          // read only now: saving may have renamed the notebook
          return client.createSnapshot(context.localPath);
        },
        {
          pending: trans.__('Saving the snapshot…'),
          done: made => this._outcome(made, context),
          failed: reason =>
            because(trans, trans.__('No snapshot was taken'), reason)
        }
      );
      runs.hint();
      return snapshot;
    } finally {
      this._setBusy(context, false);
    }
  }

  private _outcome(
    snapshot: Snapshot,
    context: DocumentRegistry.Context
  ): IOutcome {
    const { trans } = this._mlops;
    const { grade, id: snapshotId, reasons, run_id: runId } = snapshot;
    const isDoubtful = grade === 'stale' || grade === 'unknown';
    const metric = Object.entries(snapshot.metrics)[0];
    const parts = [
      trans.__('Snapshot saved'),
      ...(metric ? [`${metric[0]} ${formatNumber(metric[1])}`] : []),
      trans.__('grade %1', gradeName(grade, trans)),
      ...(isDoubtful && reasons.length > 0 ? [reasons[0].message] : [])
    ];
    const note = {
      label: trans.__('Add a note'),
      callback: () => {
        void this._commands.execute(CommandIDs.annotateSnapshot, {
          snapshotId
        });
      }
    };
    return {
      message: parts.join(' · '),
      type: isDoubtful ? 'warning' : 'success',
      actions: [
        {
          label: trans.__('Open'),
          callback: () => {
            const args = { runId, snapshotId };
            void this._commands.execute(CommandIDs.openRun, args);
          }
        },
        // there is room for four buttons; notes can be added in the run's tab too
        ...(needsRun(snapshot) ? this._remedies(snapshot, context) : [note]),
        {
          // not of the run: what was logged to it stays
          label: trans.__('Undo'),
          callback: () => {
            void this._commands.execute(CommandIDs.deleteSnapshot, {
              snapshotId,
              isSure: true
            });
          }
        }
      ]
    };
  }

  /**
   * What can be done about a grade; in its notebook, whichever is the current one by then.
   */
  private _remedies(
    { reasons }: Snapshot,
    context: DocumentRegistry.Context
  ): Notification.IAction[] {
    const { trans } = this._mlops;
    const cellIds = reasons.flatMap(({ cell_id: id }) => (id ? [id] : []));
    const show = {
      label: trans.__('Show'),
      callback: () => {
        void this._commands.execute(CommandIDs.showCells, {
          cellIds,
          path: context.localPath
        });
      }
    };
    const runClean = {
      label: trans.__('Run clean'),
      callback: () => {
        void this._commands.execute(CommandIDs.runClean, {
          path: context.localPath
        });
      }
    };
    return cellIds.length > 0 ? [show, runClean] : [runClean];
  }

  private _setBusy(context: DocumentRegistry.Context, isBusy: boolean): void {
    if (isBusy) {
      this._busy.add(context);
    } else {
      this._busy.delete(context);
    }
    this._busyChanged.emit();
  }

  private _busy = new Set<DocumentRegistry.Context>();
  private _busyChanged = new Signal<this, void>(this);
  private _commands: CommandRegistry;
  private _mlops: IMLOps;
}

function needsRun({ grade, reasons }: Snapshot): boolean {
  return (
    grade === 'stale' ||
    (grade === 'unknown' && reasons.length > 0 && isMendable(reasons))
  );
}
