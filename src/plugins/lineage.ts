import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Clipboard } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { LabIcon } from '@jupyterlab/ui-components';
import { copyIcon, runIcon } from '@jupyterlab/ui-components';

import {
  describeArgs,
  IS_CONTEXT_MENU,
  NAME,
  subjectFinder
} from '../commands/args';
import { CommandIDs } from '../commands/ids';
import { rerunStale } from '../commands/rerunStale';
import { lineageIcon } from '../icons';
import { projectPath } from '../services/paths';
import { IMLOps } from '../tokens';

/**
 * Shows the lineage of a file or notebook from the file browser, and acts on those in the graph.
 */
export const lineage: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:lineage',
  description: 'Shows the lineage of files, and runs what is stale.',
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
    addCardActions(app, mlops);
  }
};

/**
 * What the context menu of a card or row does with the file or notebook that it is.
 */
function addCardActions(app: JupyterFrontEnd, mlops: IMLOps): void {
  const { trans } = mlops;
  const nodeOf = subjectFinder(app, 'node', 'lineage');
  const add = (
    command: string,
    label: string,
    icon: LabIcon,
    act: (path: string) => unknown
  ) =>
    app.commands.addCommand(command, {
      label,
      icon,
      execute: async args => {
        const path = /^(?:data|notebook):(.+)/s.exec(nodeOf(args) ?? '')?.[1];
        if (path !== undefined) {
          await act(path);
        }
      },
      describedBy: describeArgs({ node: NAME, isContextMenu: IS_CONTEXT_MENU })
    });
  add(
    CommandIDs.rerunStale,
    trans.__('Run Again, with What It Needs'),
    runIcon,
    path => rerunStale(mlops, [path])
  );
  add(
    CommandIDs.copyLineagePath,
    trans.__('Copy Path in the Project'),
    copyIcon,
    path => Clipboard.copyToSystem(path)
  );
}
