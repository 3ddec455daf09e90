import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';

import { describeArgs, NAME } from '../commands/args';
import { CommandIDs } from '../commands/ids';
import { lineageIcon } from '../icons';
import { projectPath } from '../services/paths';
import { IMLOps } from '../tokens';

/**
 * Shows the lineage of a file or notebook from the file browser.
 */
export const lineage: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:lineage',
  description: 'Shows the lineage of files.',
  autoStart: true,
  requires: [IMLOps],
  optional: [IDefaultFileBrowser],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    browser: IDefaultFileBrowser | null
  ) => {
    const { commands } = app;
    const { client, trans } = mlops;
    commands.addCommand(CommandIDs.openFileLineage, {
      label: trans.__('Show Lineage'),
      caption: trans.__('What the file depends on, and what depends on it'),
      icon: lineageIcon,
      execute: async args => {
        const path = args.path ?? browser?.selectedItems().next().value?.path;
        if (typeof path !== 'string' || path === '') {
          return;
        }
        const name = projectPath(await client.status(), path);
        const kind = name.endsWith('.ipynb') ? 'notebook' : 'data';
        await commands.execute(CommandIDs.openLineage, {
          node: `${kind}:${name}`
        });
      },
      describedBy: describeArgs({ path: NAME })
    });
  }
};
