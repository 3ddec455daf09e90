import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { describeArgs, IS_CONTEXT_MENU, NAME } from '../commands/args';
import { getData, restoreData } from '../commands/data';
import { eraseData } from '../commands/erase';
import { CommandIDs } from '../commands/ids';
import { projectPath } from '../services/paths';
import { IMLOps } from '../tokens';

/**
 * Finds the versions of files from the file browser, and gets them back.
 */
export const data: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:data',
  description: 'Shows the versions of data, and gets them back.',
  autoStart: true,
  requires: [IMLOps],
  optional: [IFileBrowserFactory, IDocumentManager],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    browsers: IFileBrowserFactory | null,
    documents: IDocumentManager | null
  ) => {
    const { commands } = app;
    const { client, trans } = mlops;
    commands.addCommand(CommandIDs.fileVersions, {
      label: trans.__('Versions of This File'),
      caption: trans.__('What the file held when snapshots were taken'),
      execute: async args => {
        const selected = browsers?.tracker.currentWidget?.selectedItems();
        const path = args.path ?? selected?.next().value?.path;
        if (typeof path === 'string' && path !== '') {
          await commands.execute(CommandIDs.openVersions, {
            path: projectPath(await client.status(), path)
          });
        }
      },
      describedBy: describeArgs({ path: NAME, isContextMenu: IS_CONTEXT_MENU })
    });
    const add = (
      command: string,
      label: string,
      act: (path: string, version: string, isSure: boolean) => Promise<unknown>
    ) =>
      commands.addCommand(command, {
        label,
        execute: async ({
          isSure,
          path,
          version
        }: ReadonlyPartialJSONObject) => {
          if (typeof path === 'string' && typeof version === 'string') {
            await act(path, version, isSure === true);
          }
        },
        describedBy: describeArgs({
          path: NAME,
          version: NAME,
          isSure: { type: 'boolean' }
        })
      });
    add(
      CommandIDs.getData,
      trans.__('Write a Copy of a Version…'),
      (path, version) => getData(mlops, path, version)
    );
    add(
      CommandIDs.restoreData,
      trans.__('Put a Version in Place…'),
      (path, version, isSure) =>
        restoreData(mlops, documents, path, version, isSure)
    );
    commands.addCommand(CommandIDs.eraseData, {
      label: trans.__('Erase Data for Good…'),
      execute: async ({ path, version }) => {
        if (typeof path === 'string') {
          const one = typeof version === 'string' ? version : null;
          await eraseData(mlops, path, one);
        }
      },
      describedBy: describeArgs({ path: NAME, version: NAME })
    });
  }
};
