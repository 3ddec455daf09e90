import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';

import { annotateSnapshot } from '../commands/annotate';
import {
  describeArgs,
  IS_CONTEXT_MENU,
  NAME,
  NAMES,
  namesOf,
  subjectFinder
} from '../commands/args';
import { deleteSnapshots, pinSnapshot } from '../commands/history';
import { CommandIDs } from '../commands/ids';
import { IMLOps } from '../tokens';
import { notebookIn } from './browsing';
import { addToPalette } from './palette';

/**
 * What is done with the snapshots of a notebook: find them, say something of them, compare and delete them.
 */
export const history: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:history',
  description: 'Finds, marks, compares and deletes snapshots of notebooks.',
  autoStart: true,
  requires: [IMLOps],
  optional: [IFileBrowserFactory, INotebookTracker, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    browsers: IFileBrowserFactory | null,
    tracker: INotebookTracker | null,
    palette: ICommandPalette | null
  ) => {
    addActions(app, mlops);
    const { notebookHistory, openHistory } = CommandIDs;
    const { trans } = mlops;
    app.commands.addCommand(notebookHistory, {
      label: args =>
        args.isContextMenu
          ? trans.__('Snapshots of This Notebook')
          : trans.__('Open Snapshots of the Notebook'),
      isEnabled: args => !!args.isContextMenu || !!tracker?.currentWidget,
      execute: async args => {
        const path = args.isContextMenu
          ? notebookIn(browsers)
          : tracker?.currentWidget?.context.localPath;
        if (path) {
          await app.commands.execute(openHistory, { path });
        }
      },
      describedBy: describeArgs({ isContextMenu: IS_CONTEXT_MENU })
    });
    addToPalette(palette, mlops, [notebookHistory]);
  }
};

function addActions(app: JupyterFrontEnd, mlops: IMLOps): void {
  const { trans } = mlops;
  const snapshotOf = subjectFinder(app, 'snapshotId', 'snapshotId');
  const args = {
    snapshotId: NAME,
    isContextMenu: IS_CONTEXT_MENU
  };
  const add = (
    command: string,
    label: string,
    act: (mlops: IMLOps, id: string) => Promise<void>
  ) =>
    app.commands.addCommand(command, {
      label,
      execute: async given => {
        const id = snapshotOf(given);
        if (id !== null) {
          await act(mlops, id);
        }
      },
      describedBy: describeArgs(args)
    });
  add(CommandIDs.pinSnapshot, trans.__('Pin or Unpin'), pinSnapshot);
  add(
    CommandIDs.annotateSnapshot,
    trans.__('Edit Note and Tags…'),
    annotateSnapshot
  );
  app.commands.addCommand(CommandIDs.deleteSnapshot, {
    label: trans.__('Delete Snapshot…'),
    execute: async given => {
      const id = snapshotOf(given);
      const ids = id === null ? namesOf(given.snapshotIds) : [id];
      await deleteSnapshots(mlops, ids, given.isSure === true);
    },
    describedBy: describeArgs({
      ...args,
      snapshotIds: NAMES,
      isSure: { type: 'boolean' }
    })
  });
}
