import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';

import {
  describeArgs,
  IS_CONTEXT_MENU,
  NAME,
  NAMES,
  namesOf,
  subjectFinder
} from '../commands/args';
import { compareWithNow, compareWithPrevious } from '../commands/compare';
import { CommandIDs } from '../commands/ids';
import { deleteRuns } from '../commands/runs';
import { compareIcon, compareNowIcon } from '../icons';
import { createSidebar } from '../panels/sidebar';
import { IMLOps } from '../tokens';
import { keepFocus } from './menuFocus';
import { addMore } from './more';

const RANK = 600;

/**
 * The sidebar `MLOps`, and what is done with the runs in it.
 */
export const sidebar: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:plugin',
  description: 'The MLOps sidebar.',
  autoStart: true,
  requires: [IMLOps, IEditorServices, IRenderMimeRegistry],
  optional: [ILayoutRestorer, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    editorServices: IEditorServices,
    rendermime: IRenderMimeRegistry,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ) => {
    addCommands(app, mlops);
    keepFocus(app.contextMenu.menu);
    const { commands } = app;
    const { trans } = mlops;
    const widget = createSidebar(
      { mlops, commands, editorServices, rendermime, state: null, trans },
      translator ?? nullTranslator
    );
    app.shell.add(widget, 'left', { rank: RANK, type: 'MLOps' });
    restorer?.add(widget, widget.id);
    addShowRuns(app, mlops, widget.id);
    addMore(app, mlops, widget);
  }
};

function addShowRuns(app: JupyterFrontEnd, mlops: IMLOps, id: string): void {
  app.commands.addCommand(CommandIDs.showRuns, {
    label: mlops.trans.__('Show Runs of the Experiment'),
    execute: async ({ experimentId }) => {
      app.shell.activateById(id);
      await mlops.searchRuns(
        typeof experimentId === 'string' ? { experimentId } : {}
      );
    },
    describedBy: describeArgs({ experimentId: NAME })
  });
}

function addCommands(app: JupyterFrontEnd, mlops: IMLOps): void {
  const { trans } = mlops;
  const runOf = subjectFinder(app, 'runId', 'runId');
  const snapshotOf = subjectFinder(app, 'snapshotId', 'snapshotId');
  const compareArgs = {
    runId: NAME,
    snapshotId: NAME,
    isContextMenu: IS_CONTEXT_MENU
  };
  app.commands.addCommand(CommandIDs.refresh, {
    label: trans.__('Refresh'),
    caption: trans.__('Refresh'),
    icon: refreshIcon,
    execute: async () => {
      const { runs, models, deployments } = mlops;
      await Promise.all([
        runs.refresh(),
        models.refresh(),
        deployments.refresh()
      ]);
    },
    describedBy: describeArgs({})
  });
  app.commands.addCommand(CommandIDs.comparePrevious, {
    label: trans.__('Compare with Previous'),
    icon: compareIcon,
    execute: async args => {
      const runId = runOf(args);
      if (runId !== null) {
        await compareWithPrevious(mlops, app.commands, runId, snapshotOf(args));
      }
    },
    describedBy: describeArgs(compareArgs)
  });
  app.commands.addCommand(CommandIDs.compareNow, {
    label: trans.__('Compare with Notebook Now'),
    icon: compareNowIcon,
    execute: async args => {
      const runId = runOf(args);
      if (runId !== null) {
        await compareWithNow(mlops, app.commands, runId, snapshotOf(args));
      }
    },
    describedBy: describeArgs(compareArgs)
  });
  app.commands.addCommand(CommandIDs.deleteRun, {
    label: trans.__('Delete'),
    execute: async args => {
      const runId = runOf(args);
      await deleteRuns(mlops, runId ? [runId] : namesOf(args.runIds));
    },
    describedBy: describeArgs({
      runId: NAME,
      runIds: NAMES,
      isContextMenu: IS_CONTEXT_MENU
    })
  });
}
