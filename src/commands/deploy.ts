import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';

import { errorMessage } from '../api/request';
import type { DeploymentCreated } from '../api/types';
import type { IMLOps } from '../tokens';
import type { IDeployment } from './deployForm';
import { defaultName } from './deploymentName';
import { CommandIDs } from './ids';
import { allModels } from './models';
import { because, notifying, refuse } from './notify';

/**
 * Deploys what is asked for; asks the user where the version is open, or the name and the server can make none.
 *
 * @returns the deployment, or `null` if nothing was deployed.
 */
export async function deployModel(
  mlops: IMLOps,
  commands: CommandRegistry,
  wanted: Partial<IDeployment>
): Promise<DeploymentCreated | null> {
  const { model, version = null, alias = null, name = null } = wanted;
  const isComplete =
    model &&
    (version !== null || alias !== null) &&
    (name !== null || defaultName(model) !== '');
  const choice = isComplete
    ? { model, version, alias, name }
    : await choose(mlops, wanted);
  return choice && create(mlops, commands, choice);
}

async function choose(
  { client, trans }: IMLOps,
  wanted: Partial<IDeployment>
): Promise<IDeployment | null> {
  const what = trans.__('Nothing was deployed');
  try {
    const [registered, deployments] = await Promise.all([
      allModels(client),
      client.deployments()
    ]);
    const models = registered.filter(model => model.latest_version > 0);
    if (models.length === 0) {
      const why = trans.__('there is no model yet. Register one first.');
      return refuse(because(trans, what, why));
    }
    const { DeployForm } = await import('./deployForm');
    const answer = await showDialog({
      title: trans.__('Deploy Model'),
      body: new DeployForm({
        models,
        deployments: deployments.items,
        wanted,
        trans
      }),
      buttons: [
        Dialog.cancelButton(),
        Dialog.okButton({ label: trans.__('Deploy') })
      ]
    });
    return answer.button.accept ? answer.value : null;
  } catch (reason) {
    return refuse(because(trans, what, errorMessage(reason)));
  }
}

async function create(
  mlops: IMLOps,
  commands: CommandRegistry,
  { model, version, alias, name }: IDeployment
): Promise<DeploymentCreated | null> {
  const { client, deployments, trans } = mlops;
  const made = await notifying(
    () => client.deploy({ model_name: model, version, alias, name }),
    {
      pending: trans.__('Deploying %1…', model),
      done: deployment => ({
        message:
          deployment.state === 'running'
            ? trans.__(
                '%1 serves version %2',
                deployment.name,
                deployment.version
              )
            : trans.__(
                '%1 is starting with version %2',
                deployment.name,
                deployment.version
              ),
        actions: [
          {
            label: trans.__('Open'),
            callback: () => {
              void commands.execute(CommandIDs.openDeployment, {
                name: deployment.name
              });
            }
          }
        ]
      }),
      failed: reason => because(trans, trans.__('Nothing was deployed'), reason)
    }
  );
  if (made !== null) {
    if (made.token !== null) {
      mlops.rememberToken(made.name, made.token);
    }
    await commands.execute(CommandIDs.openDeployment, { name: made.name });
  }
  deployments.hint();
  return made;
}
