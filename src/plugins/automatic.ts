import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { AutomaticSnapshots, WholeRuns } from '../commands/automatic';
import { IMLOps } from '../tokens';

const SETTINGS = 'jupyter-mlops:plugin';

// what a user does to save; JupyterLab saves by itself without them
const SAVING: readonly string[] = ['docmanager:save', 'docmanager:save-as'];

/**
 * Takes snapshots by themselves, on the occasions that the settings name.
 */
export const automatic: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:automatic',
  description: 'Takes snapshots when notebooks are saved or run as a whole.',
  autoStart: true,
  requires: [IMLOps, INotebookTracker, ISettingRegistry],
  activate: async (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    tracker: INotebookTracker,
    registry: ISettingRegistry
  ) => {
    const snapshots = new AutomaticSnapshots(mlops);
    const runs = new WholeRuns();
    const settings = await registry.load(SETTINGS);
    const isOn = (occasion: string) =>
      settings.composite.automaticSnapshots === occasion;
    app.commands.commandExecuted.connect((_, { id, result }) => {
      const panel = tracker.currentWidget;
      // else another document was saved, and this one is not the user's to save now
      const isSaved = panel !== null && panel === app.shell.currentWidget;
      if (isSaved && isOn('save') && SAVING.includes(id)) {
        const take = () => void snapshots.take(panel, 'save');
        // a save that failed has told so
        result.then(take, () => undefined);
      }
    });
    NotebookActions.executionScheduled.connect((_, { cell, notebook }) => {
      runs.scheduled(notebook, cell);
    });
    NotebookActions.selectionExecuted.connect((_, { notebook }) => {
      const panel = tracker.find(({ content }) => content === notebook);
      if (runs.isWhole(notebook) && panel && isOn('run-all')) {
        void snapshots.take(panel, 'run-all');
      }
    });
  }
};
