import { Dialog, showDialog } from '@jupyterlab/apputils';

import { errorMessage } from '../api/request';
import type { RegisteredModel } from '../api/types';
import type { IMLOps } from '../tokens';
import { because, notifying, refuse } from './notify';

/**
 * Points an alias of the model at a version; asks for what is not given.
 *
 * @returns the model, or `null` if nothing was changed.
 */
export async function setAlias(
  mlops: IMLOps,
  model: string,
  given: { alias?: string; version?: number }
): Promise<RegisteredModel | null> {
  const { client, models, trans } = mlops;
  const { alias, version } = given;
  const choice =
    alias && version ? { alias, version } : await choose(mlops, model, given);
  if (choice === null) {
    return null;
  }
  const changed = await notifying(
    () => client.setAlias(model, choice.alias, choice.version),
    {
      pending: trans.__('Setting the alias…'),
      done: () => ({
        message: trans.__(
          '%1 version %2 is now %3',
          model,
          choice.version,
          choice.alias
        )
      }),
      failed: reason =>
        because(trans, trans.__('The alias was not set'), reason)
    }
  );
  models.hint();
  return changed;
}

async function choose(
  { client, trans }: IMLOps,
  name: string,
  given: { alias?: string; version?: number }
): Promise<{ alias: string; version: number } | null> {
  try {
    const model = await client.model(name);
    const { AliasForm } = await import('./aliasForm');
    const answer = await showDialog({
      title: trans.__('Set an Alias of %1', name),
      body: new AliasForm({ model, ...given, trans }),
      buttons: [
        Dialog.cancelButton(),
        Dialog.okButton({ label: trans.__('Set') })
      ]
    });
    return answer.button.accept ? answer.value : null;
  } catch (reason) {
    const what = trans.__('The alias was not set');
    return refuse(because(trans, what, errorMessage(reason)));
  }
}
