import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';

import type { DataCopy } from '../api/types';
import { jupyterPath } from '../services/paths';
import type { IMLOps } from '../tokens';
import type { IOutcome } from './notify';
import { because, notifying } from './notify';
import { showAsWritten } from './shown';

const SHORT_DIGEST = 8;

/**
 * Writes a version of a file or folder to a path that it asks for.
 */
export async function getData(
  mlops: IMLOps,
  path: string,
  version: string
): Promise<DataCopy | null> {
  const { client, trans } = mlops;
  const { DataCopyForm } = await import('./dataCopyForm');
  const answer = await showDialog({
    title: trans.__('Write a Copy of %1', version.slice(0, SHORT_DIGEST)),
    body: new DataCopyForm({ path, version, trans }),
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Write') })
    ]
  });
  const target = answer.button.accept ? answer.value?.target.trim() : null;
  if (!target) {
    return null;
  }
  return notifying(() => client.checkOutData(path, version, target), {
    pending: trans.__('Writing %1…', target),
    done: () => ({ message: trans.__('Written to %1', target) }),
    failed: reason => because(trans, trans.__('Nothing was written'), reason)
  });
}

/**
 * Puts a version of a file in the place of what is there, which is kept first; asks unless the user has said so.
 */
export async function restoreData(
  mlops: IMLOps,
  documents: IDocumentManager | null,
  path: string,
  version: string,
  isSure = false
): Promise<DataCopy | null> {
  const { client, pulse, trans } = mlops;
  if (!isSure && !(await askToReplace(path, version, trans))) {
    return null;
  }
  const copy = await notifying(
    async () => {
      const done = await client.checkOutData(path, version, null);
      const place = jupyterPath(await client.status(), path);
      await showAsWritten(documents, place === null ? [] : [place]);
      return done;
    },
    {
      pending: trans.__('Putting the version in place…'),
      done: done => outcome(mlops, documents, done),
      failed: reason => because(trans, trans.__('Nothing was replaced'), reason)
    }
  );
  pulse.hint();
  return copy;
}

function outcome(
  mlops: IMLOps,
  documents: IDocumentManager | null,
  { digest, path, replaced, safety_snapshot_id: safetyId }: DataCopy
): IOutcome {
  const { trans } = mlops;
  const parts = [
    trans.__('%1 is version %2 now', path, digest.slice(0, SHORT_DIGEST)),
    ...(safetyId === null
      ? []
      : [trans.__('what was there before is in a snapshot')])
  ];
  const undo = () => void restoreData(mlops, documents, path, replaced!, true);
  return {
    message: parts.join(' · '),
    actions:
      replaced === null ? [] : [{ label: trans.__('Undo'), callback: undo }]
  };
}

async function askToReplace(
  path: string,
  version: string,
  trans: IMLOps['trans']
): Promise<boolean> {
  const answer = await showDialog({
    title: trans.__('Put Version %1 in Place?', version.slice(0, SHORT_DIGEST)),
    body: trans.__(
      '%1 is replaced. What it holds now is kept: if no snapshot has it yet, one of its notebook is taken first.',
      path
    ),
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Replace') })
    ]
  });
  return answer.button.accept;
}
