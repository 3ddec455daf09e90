import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { setAlias } from '../commands/alias';
import {
  describeArgs,
  IS_CONTEXT_MENU,
  NAME,
  NUMBER,
  subjectFinder
} from '../commands/args';
import { deployModel } from '../commands/deploy';
import { CommandIDs } from '../commands/ids';
import { deployIcon } from '../icons';
import { IMLOps } from '../tokens';
import { addToPalette } from './palette';

/**
 * What is done with registered models: deploy them, point aliases at their versions.
 */
export const models: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:models',
  description: 'Deploys registered models and sets their aliases.',
  autoStart: true,
  requires: [IMLOps],
  optional: [ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    palette: ICommandPalette | null
  ) => {
    const { commands } = app;
    const { trans } = mlops;
    const modelOf = subjectFinder(app, 'name', 'model');
    commands.addCommand(CommandIDs.deployModel, {
      label: trans.__('Deploy'),
      caption: trans.__('Deploy'),
      icon: deployIcon,
      execute: args =>
        deployModel(mlops, commands, {
          model: modelOf(args) ?? undefined,
          ...versionOf(args),
          name: textOf(args, 'deployment')
        }),
      describedBy: describeArgs({
        name: NAME,
        version: NUMBER,
        alias: NAME,
        deployment: NAME,
        isContextMenu: IS_CONTEXT_MENU
      })
    });
    commands.addCommand(CommandIDs.setAlias, {
      label: trans.__('Set alias…'),
      execute: args => {
        const name = modelOf(args);
        return name ? setAlias(mlops, name, versionOf(args)) : null;
      },
      describedBy: describeArgs({
        name: NAME,
        alias: NAME,
        version: NUMBER,
        isContextMenu: IS_CONTEXT_MENU
      })
    });
    addToPalette(palette, mlops, [CommandIDs.deployModel]);
  }
};

function versionOf(args: ReadonlyPartialJSONObject): {
  alias?: string;
  version?: number;
} {
  const alias = textOf(args, 'alias');
  const { version } = args;
  return {
    ...(alias ? { alias } : {}),
    ...(typeof version === 'number' ? { version } : {})
  };
}

function textOf(args: ReadonlyPartialJSONObject, name: string): string | null {
  const value = args[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
