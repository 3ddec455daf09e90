import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { describeArgs, NAMES, namesOf } from '../commands/args';
import { CommandIDs } from '../commands/ids';
import { createExperiment } from '../panels/experiment/sidebar';
import { markCells } from '../services/cellMarks';
import { CurrentNotebook } from '../services/currentNotebook';
import { LiveGrade } from '../services/liveGrade';
import { IMLOps } from '../tokens';

const RANK = 600;

/**
 * The sidebar `Experiment`: the current notebook's grade, data and history.
 */
export const experiment: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:experiment',
  description: 'The sidebar about the current notebook.',
  autoStart: true,
  requires: [IMLOps, IEditorServices, INotebookTracker, IRenderMimeRegistry],
  optional: [ILayoutRestorer, IStateDB, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    editorServices: IEditorServices,
    tracker: INotebookTracker,
    rendermime: IRenderMimeRegistry,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    translator: ITranslator | null
  ) => {
    const { commands } = app;
    const { client, trans } = mlops;
    const notebook = new CurrentNotebook(tracker);
    const grade = new LiveGrade(client, notebook);
    addShowCells(app, mlops, notebook);
    const widget = createExperiment(
      { mlops, commands, editorServices, rendermime, state, trans },
      { notebook, grade },
      translator ?? nullTranslator
    );
    app.shell.add(widget, 'right', { rank: RANK, type: 'MLOps' });
    restorer?.add(widget, widget.id);
  }
};

function addShowCells(
  app: JupyterFrontEnd,
  { trans }: IMLOps,
  notebook: CurrentNotebook
): void {
  app.commands.addCommand(CommandIDs.showCells, {
    label: trans.__('Show Cells'),
    execute: args => {
      const { panel } = notebook;
      if (panel && markCells(panel, namesOf(args.cellIds))) {
        app.shell.activateById(panel.id);
      }
    },
    describedBy: describeArgs({ cellIds: NAMES })
  });
}
