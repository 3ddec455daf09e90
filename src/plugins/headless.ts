import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { stopIcon } from '@jupyterlab/ui-components';

import {
  describeArgs,
  IS_CONTEXT_MENU,
  NAME,
  subjectFinder
} from '../commands/args';
import { followAll, runHeadless } from '../commands/headless';
import { CommandIDs } from '../commands/ids';
import { stopRun } from '../commands/stopRun';
import { headlessIcon } from '../icons';
import { IMLOps } from '../tokens';
import { notebookIn } from './browsing';
import { addToPalette } from './palette';

/**
 * Runs notebooks headless: in a kernel of their own, with parameters.
 */
export const headless: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:headless',
  description: 'Runs notebooks headless.',
  autoStart: true,
  requires: [IMLOps, INotebookTracker],
  optional: [IFileBrowserFactory, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    tracker: INotebookTracker,
    browsers: IFileBrowserFactory | null,
    palette: ICommandPalette | null
  ) => {
    const { commands, serviceManager } = app;
    const { trans } = mlops;
    const id = CommandIDs.runHeadless;
    commands.addCommand(id, {
      label: trans.__('Run Headless…'),
      caption: trans.__(
        'Run headless: a copy of this notebook, in a kernel of its own, with parameters'
      ),
      icon: headlessIcon,
      isEnabled: ({ isContextMenu, path }) =>
        Boolean(isContextMenu ?? path) || tracker.currentWidget !== null,
      execute: async ({ isContextMenu, path: given }) => {
        const path = isContextMenu ? notebookIn(browsers) : given;
        const panel =
          typeof path === 'string'
            ? tracker.find(({ context }) => context.localPath === path)
            : tracker.currentWidget;
        const subject =
          panel?.context ?? (typeof path === 'string' ? { path } : null);
        if (subject) {
          await runHeadless(mlops, commands, serviceManager, subject);
        }
      },
      describedBy: describeArgs({ path: NAME, isContextMenu: IS_CONTEXT_MENU })
    });
    addStop(app, mlops);
    addToPalette(palette, mlops, [id]);
    tracker.currentChanged.connect(() => commands.notifyCommandChanged(id));
    void app.restored.then(() => followAll(mlops, commands));
  }
};

function addStop(app: JupyterFrontEnd, mlops: IMLOps): void {
  const runOf = subjectFinder(app, 'runId', 'runId');
  app.commands.addCommand(CommandIDs.stopRun, {
    label: mlops.trans.__('Stop'),
    icon: stopIcon,
    execute: async args => {
      const runId = runOf(args);
      return runId !== null && (await stopRun(mlops, runId));
    },
    describedBy: describeArgs({ runId: NAME, isContextMenu: IS_CONTEXT_MENU })
  });
}
