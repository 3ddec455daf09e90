import { Dialog, showDialog } from '@jupyterlab/apputils';

import { errorMessage } from '../api/request';
import type { Deployment } from '../api/types';
import type { IMLOps } from '../tokens';
import { because, notifying, refuse } from './notify';

/**
 * Asks, then returns the deployment to its previous version.
 */
export async function rollBack(mlops: IMLOps, name: string): Promise<void> {
  const { client, trans } = mlops;
  const what = trans.__('%1 was not rolled back', name);
  let deployment: Deployment;
  try {
    deployment = await client.deployment(name);
  } catch (reason) {
    refuse(because(trans, what, errorMessage(reason)));
    return;
  }
  const { previous_version: previous, version } = deployment;
  if (previous === null) {
    const why = trans.__('it has served no other version.');
    refuse(because(trans, what, why));
    return;
  }
  const isSure = await ask(
    trans.__('Roll Back %1?', name),
    trans.__(
      'Requests will be answered by version %1 instead of version %2.',
      previous,
      version
    ),
    Dialog.warnButton({ label: trans.__('Roll back') })
  );
  if (isSure) {
    await notifying(() => client.rollBack(name), {
      pending: trans.__('Rolling %1 back…', name),
      done: ({ version: now }) => ({
        message: trans.__('%1 was rolled back to version %2', name, now)
      }),
      failed: reason => because(trans, what, reason)
    });
    mlops.deployments.hint();
  }
}

/**
 * Asks, then stops the deployment and deletes it with its token and its log.
 */
export async function deleteDeployment(
  mlops: IMLOps,
  name: string
): Promise<void> {
  const { client, deployments, trans } = mlops;
  const isSure = await ask(
    trans.__('Delete %1?', name),
    trans.__(
      'Its URL will stop to answer and its token will be void. The model stays in the registry.'
    ),
    Dialog.warnButton({ label: trans.__('Delete') })
  );
  if (isSure) {
    await notifying(() => client.deleteDeployment(name), {
      pending: trans.__('Deleting %1…', name),
      done: () => ({ message: trans.__('%1 deleted', name) }),
      failed: reason =>
        because(trans, trans.__('%1 was not deleted', name), reason)
    });
    deployments.hint();
  }
}

export async function stopDeployment(
  { client, deployments, trans }: IMLOps,
  name: string
): Promise<void> {
  await notifying(() => client.stopDeployment(name), {
    pending: trans.__('Stopping %1…', name),
    done: () => ({ message: trans.__('%1 stopped', name) }),
    failed: reason =>
      because(trans, trans.__('%1 was not stopped', name), reason)
  });
  deployments.hint();
}

export async function startDeployment(
  { client, deployments, trans }: IMLOps,
  name: string
): Promise<void> {
  await notifying(() => client.startDeployment(name), {
    pending: trans.__('Starting %1…', name),
    done: ({ state }) => ({
      message:
        state === 'running'
          ? trans.__('%1 started', name)
          : trans.__('%1 is starting', name)
    }),
    failed: reason =>
      because(trans, trans.__('%1 was not started', name), reason)
  });
  deployments.hint();
}

async function ask(
  title: string,
  body: string,
  button: Dialog.IButton
): Promise<boolean> {
  const answer = await showDialog({
    title,
    body,
    buttons: [Dialog.cancelButton(), button]
  });
  return answer.button.accept;
}
