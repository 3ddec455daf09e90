import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';

import {
  describeArgs,
  IS_CONTEXT_MENU,
  NAME,
  subjectFinder
} from '../commands/args';
import { CommandIDs } from '../commands/ids';
import { registerFromNotebook, registerFromRun } from '../commands/register';
import { runClean } from '../commands/runClean';
import { Snapshots } from '../commands/snapshot';
import { registerIcon, snapshotIcon } from '../icons';
import { IMLOps } from '../tokens';
import { notebookAt } from './notebookAt';
import { addToPalette } from './palette';

/**
 * What is done with the current notebook: snapshot it, register a model of its kernel.
 */
export const notebook: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:notebook',
  description: 'Snapshots notebooks and registers the models alive in them.',
  autoStart: true,
  requires: [IMLOps, INotebookTracker],
  optional: [ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    tracker: INotebookTracker,
    palette: ICommandPalette | null
  ) => {
    const { createSnapshot, registerModel, runClean: clean } = CommandIDs;
    const snapshots = new Snapshots(mlops, app.commands);
    addSnapshot(app, mlops, tracker, snapshots);
    addRunClean(app, mlops, tracker, snapshots);
    addRegister(app, mlops, tracker);
    addToPalette(palette, mlops, [createSnapshot, clean, registerModel]);
    tracker.currentChanged.connect(() => {
      app.commands.notifyCommandChanged(createSnapshot);
      app.commands.notifyCommandChanged(clean);
    });
  }
};

function addSnapshot(
  { commands }: JupyterFrontEnd,
  mlops: IMLOps,
  tracker: INotebookTracker,
  snapshots: Snapshots
): void {
  const { trans } = mlops;
  commands.addCommand(CommandIDs.createSnapshot, {
    label: trans.__('Snapshot'),
    caption: trans.__(
      'Keep this notebook, its results, data and environment as a run'
    ),
    icon: snapshotIcon,
    isEnabled: () => {
      const context = tracker.currentWidget?.context;
      return context !== undefined && !snapshots.isBusy(context);
    },
    execute: () => {
      const context = tracker.currentWidget?.context;
      return context ? snapshots.create(context) : null;
    },
    describedBy: describeArgs({})
  });
  snapshots.busyChanged.connect(() => {
    commands.notifyCommandChanged(CommandIDs.createSnapshot);
  });
}

function addRunClean(
  { commands }: JupyterFrontEnd,
  mlops: IMLOps,
  tracker: INotebookTracker,
  snapshots: Snapshots
): void {
  const { trans } = mlops;
  commands.addCommand(CommandIDs.runClean, {
    label: trans.__('Run Clean'),
    caption: trans.__(
      'Restart the kernel, run all cells, then take a snapshot'
    ),
    isEnabled: () => tracker.currentWidget !== null,
    execute: async ({ path }) => {
      const panel = notebookAt(tracker, path, trans);
      if (panel) {
        await runClean(
          mlops,
          panel,
          ({ content, sessionContext }) =>
            NotebookActions.runAll(content, sessionContext),
          // another notebook may be the current one by then
          () => snapshots.create(panel.context)
        );
      }
    },
    describedBy: describeArgs({ path: NAME })
  });
}

function addRegister(
  app: JupyterFrontEnd,
  mlops: IMLOps,
  tracker: INotebookTracker
): void {
  const { commands } = app;
  const { trans } = mlops;
  const runOf = subjectFinder(app, 'runId', 'runId');
  const snapshotOf = subjectFinder(app, 'snapshotId', 'snapshotId');
  commands.addCommand(CommandIDs.registerModel, {
    label: trans.__('Register model'),
    caption: trans.__('Register model'),
    icon: registerIcon,
    execute: args => {
      const runId = runOf(args);
      return runId
        ? registerFromRun(mlops, commands, runId, snapshotOf(args))
        : registerFromNotebook(
            mlops,
            commands,
            tracker.currentWidget,
            typeof args.variable === 'string' ? args.variable : null
          );
    },
    describedBy: describeArgs({
      runId: NAME,
      snapshotId: NAME,
      variable: NAME,
      isContextMenu: IS_CONTEXT_MENU
    })
  });
}
