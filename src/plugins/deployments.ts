import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';

import {
  describeArgs,
  IS_CONTEXT_MENU,
  NAME,
  subjectFinder
} from '../commands/args';
import {
  deleteDeployment,
  rollBack,
  startDeployment,
  stopDeployment
} from '../commands/deployments';
import { CommandIDs } from '../commands/ids';
import type { Deployment } from '../api/types';
import { IMLOps } from '../tokens';

/**
 * What is done with deployments: roll back, stop, start, delete.
 */
export const deployments: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:deployments',
  description: 'Rolls back, stops, starts and deletes deployments.',
  autoStart: true,
  requires: [IMLOps],
  activate: (app: JupyterFrontEnd, mlops: IMLOps) => {
    const { trans } = mlops;
    const nameOf = subjectFinder(app, 'name', 'deployment');
    const add = (
      id: string,
      label: string,
      act: (mlops: IMLOps, name: string) => Promise<void>,
      isPossible: (deployment: Deployment) => boolean = () => true
    ) =>
      app.commands.addCommand(id, {
        label,
        isEnabled: args => {
          const name = nameOf(args);
          const known = mlops.deployments.items.find(
            item => item.name === name
          );
          return known === undefined || isPossible(known);
        },
        execute: async args => {
          const name = nameOf(args);
          if (name) {
            await act(mlops, name);
          }
        },
        describedBy: describeArgs({
          name: NAME,
          isContextMenu: IS_CONTEXT_MENU
        })
      });
    add(
      CommandIDs.rollBackDeployment,
      trans.__('Roll back'),
      rollBack,
      ({ previous_version: previous }) => previous !== null
    );
    add(
      CommandIDs.stopDeployment,
      trans.__('Stop'),
      stopDeployment,
      ({ state }) => state !== 'stopped'
    );
    add(
      CommandIDs.startDeployment,
      trans.__('Start'),
      startDeployment,
      ({ state }) => state === 'stopped' || state === 'failed'
    );
    add(CommandIDs.deleteDeployment, trans.__('Delete…'), deleteDeployment);
  }
};
