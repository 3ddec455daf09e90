import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import {
  describeArgs,
  IS_CONTEXT_MENU,
  NAME,
  subjectFinder
} from '../commands/args';
import { CommandIDs } from '../commands/ids';
import { reproduceSnapshot } from '../commands/reproduce';
import { restoreSnapshot } from '../commands/restore';
import { IMLOps } from '../tokens';

/**
 * Brings snapshots back: their files, and their results.
 */
export const rerun: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:rerun',
  description: 'Restores snapshots, and runs them again.',
  autoStart: true,
  requires: [IMLOps],
  optional: [IDocumentManager],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    documents: IDocumentManager | null
  ) => {
    const { commands, serviceManager } = app;
    const { trans } = mlops;
    const runOf = subjectFinder(app, 'runId', 'runId');
    const snapshotOf = subjectFinder(app, 'snapshotId', 'snapshotId');
    const subjectOf = (args: ReadonlyPartialJSONObject) => ({
      snapshotId: snapshotOf(args),
      runId: runOf(args)
    });
    const args = {
      snapshotId: NAME,
      runId: NAME,
      isContextMenu: IS_CONTEXT_MENU
    };
    commands.addCommand(CommandIDs.restoreSnapshot, {
      label: trans.__('Restore…'),
      execute: given =>
        restoreSnapshot(
          mlops,
          commands,
          documents,
          serviceManager.kernelspecs,
          subjectOf(given)
        ),
      describedBy: describeArgs(args)
    });
    commands.addCommand(CommandIDs.reproduceSnapshot, {
      label: trans.__('Reproduce…'),
      execute: given =>
        reproduceSnapshot(mlops, commands, subjectOf(given), {
          environment: given.environment === 'rebuild' ? 'rebuild' : 'same'
        }),
      describedBy: describeArgs({ ...args, environment: NAME })
    });
  }
};
