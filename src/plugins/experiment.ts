import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { describeArgs, NAME, NAMES, namesOf } from '../commands/args';
import { CommandIDs } from '../commands/ids';
import { experimentIcon } from '../icons';
import { ExperimentStatus } from '../panels/experiment/ExperimentStatus';
import { showBadges } from '../panels/experiment/cellBadges';
import { createExperiment } from '../panels/experiment/sidebar';
import { markCells, unmarkCells } from '../services/cellMarks';
import { CurrentNotebook } from '../services/currentNotebook';
import { LiveData } from '../services/liveData';
import { LiveExperiment } from '../services/liveExperiment';
import { LiveGrade } from '../services/liveGrade';
import { IMLOps } from '../tokens';
import { notebookAt } from './notebookAt';

const RANK = 600;

/**
 * The sidebar `Experiment`: the current notebook's grade, data and history.
 */
export const experiment: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:experiment',
  description: 'The sidebar about the current notebook.',
  autoStart: true,
  requires: [IMLOps, IEditorServices, INotebookTracker, IRenderMimeRegistry],
  optional: [ILayoutRestorer, IStateDB, IStatusBar, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    editorServices: IEditorServices,
    tracker: INotebookTracker,
    rendermime: IRenderMimeRegistry,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    statusBar: IStatusBar | null,
    translator: ITranslator | null
  ) => {
    const { commands } = app;
    const { client, trans } = mlops;
    const notebook = new CurrentNotebook(tracker);
    const grade = new LiveGrade(client, notebook);
    const data = new LiveData(mlops, notebook);
    showBadges(notebook, data, trans);
    addShowCells(app, mlops, tracker);
    keepMarksTrue(notebook, grade);
    const context = {
      mlops,
      commands,
      editorServices,
      rendermime,
      state,
      trans
    };
    const beside = {
      notebook,
      grade,
      data,
      experiment: new LiveExperiment(mlops, notebook)
    };
    const widget = createExperiment(
      context,
      beside,
      translator ?? nullTranslator
    );
    addOpen(app, mlops, widget.id);
    statusBar?.registerStatusItem('jupyter-mlops:experiment-status', {
      item: new ExperimentStatus(context, beside),
      align: 'left',
      rank: 4
    });
    app.shell.add(widget, 'right', { rank: RANK, type: 'MLOps' });
    restorer?.add(widget, widget.id);
  }
};

/**
 * Takes marks away from cells that are no reason any more.
 */
function keepMarksTrue(notebook: CurrentNotebook, grade: LiveGrade): void {
  grade.changed.connect(({ data, phase }) => {
    if (notebook.panel && data && phase === 'ready') {
      const ids = data.reasons.map(({ cell_id: id }) => id);
      unmarkCells(notebook.panel, id => !ids.includes(id));
    }
  });
}

function addOpen(app: JupyterFrontEnd, { trans }: IMLOps, id: string): void {
  app.commands.addCommand(CommandIDs.openExperiment, {
    label: trans.__('Open Experiment'),
    icon: experimentIcon,
    execute: () => app.shell.activateById(id),
    describedBy: describeArgs({})
  });
}

function addShowCells(
  app: JupyterFrontEnd,
  { trans }: IMLOps,
  tracker: INotebookTracker
): void {
  app.commands.addCommand(CommandIDs.showCells, {
    label: trans.__('Show Cells'),
    execute: args => {
      const panel = notebookAt(tracker, args.path, trans);
      if (panel && markCells(panel, namesOf(args.cellIds))) {
        app.shell.activateById(panel.id);
      }
    },
    describedBy: describeArgs({ cellIds: NAMES, path: NAME })
  });
}
