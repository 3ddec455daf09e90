import { Dialog, showDialog } from '@jupyterlab/apputils';

import { errorMessage } from '../api/request';
import type { Erasable, Erased } from '../api/types';
import { leftPlaces } from '../components/erasable';
import { formatBytes } from '../components/size';
import type { IMLOps } from '../tokens';
import { because, notifying, refuse } from './notify';

/**
 * Erases a version of data from the store for good, or all versions: says what will be lost and what is not reached,
 * and asks why, which is recorded.
 */
export async function eraseData(
  mlops: IMLOps,
  path: string,
  version: string | null
): Promise<Erased | null> {
  const { client, pulse, trans } = mlops;
  const reason = await ask(mlops, path, version);
  if (reason === null) {
    return null;
  }
  const erased = await notifying(
    () => client.eraseData(path, version, reason),
    {
      pending: trans.__('Erasing %1…', path),
      done: ({ erasable, objects, size_bytes: size }) => ({
        message: trans._n(
          'Erased %1 object, %2',
          'Erased %1 objects, %2',
          objects,
          formatBytes(size)
        ),
        type: 'warning',
        actions: [
          {
            label: trans.__('What was not erased'),
            callback: () => tellLeft(erasable, trans)
          }
        ]
      }),
      failed: reasonOfFailure =>
        because(trans, trans.__('Not all was erased'), reasonOfFailure)
    }
  );
  pulse.hint();
  return erased;
}

function tellLeft(erasable: Erasable, trans: IMLOps['trans']): void {
  void showDialog({
    title: trans.__('Not Erased'),
    body: leftPlaces(erasable, trans).join('; '),
    buttons: [Dialog.okButton()]
  });
}

async function ask(
  { client, trans }: IMLOps,
  path: string,
  version: string | null
): Promise<string | null> {
  try {
    const erasable = await client.erasable(path, version);
    const { EraseForm } = await import('./eraseForm');
    const answer = await showDialog({
      title: trans.__('Erase for Good?'),
      body: new EraseForm({ erasable, trans }),
      buttons: [
        Dialog.cancelButton(),
        Dialog.warnButton({ label: trans.__('Erase') })
      ],
      focusNodeSelector: 'textarea'
    });
    return answer.button.accept ? (answer.value?.reason.trim() ?? null) : null;
  } catch (reason) {
    const what = trans.__('Nothing was erased');
    return refuse(because(trans, what, errorMessage(reason)));
  }
}
