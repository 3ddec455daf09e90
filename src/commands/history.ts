import { Dialog, showDialog } from '@jupyterlab/apputils';

import { errorMessage } from '../api/request';
import type { Snapshot, SnapshotMarks } from '../api/types';
import type { IMLOps } from '../tokens';
import { because, notifying, refuse } from './notify';

/**
 * Pins the snapshot, or takes the pin away. What is pinned is never thinned.
 */
export async function pinSnapshot(
  mlops: IMLOps,
  id: string,
  pinned?: boolean
): Promise<void> {
  const { client, trans } = mlops;
  try {
    const now = pinned ?? !(await client.snapshot(id)).pinned;
    await client.markSnapshot(id, { pinned: now });
  } catch (reason) {
    const what = trans.__('The pin was not changed');
    refuse(because(trans, what, errorMessage(reason)));
  }
}

/**
 * Asks for a note and tags, and writes those that were changed: what another tab writes meanwhile stays.
 */
export async function annotateSnapshot(
  mlops: IMLOps,
  id: string
): Promise<void> {
  const { client, trans } = mlops;
  const what = trans.__('The note was not saved');
  let changes: SnapshotMarks | null;
  try {
    changes = await askForMarks(mlops, await client.snapshot(id));
  } catch (reason) {
    refuse(because(trans, what, errorMessage(reason)));
    return;
  }
  if (changes === null) {
    return;
  }
  const marks = changes;
  await notifying(() => client.markSnapshot(id, marks), {
    pending: trans.__('Saving the note…'),
    done: () => ({ message: trans.__('Note saved') }),
    failed: reason => because(trans, what, reason)
  });
}

/**
 * Asks unless the user has said so, deletes the snapshot, and offers to bring it back.
 */
export async function deleteSnapshot(
  mlops: IMLOps,
  id: string,
  isSure = false
): Promise<void> {
  const { client, runs, trans } = mlops;
  if (!isSure && !(await askToDelete(trans))) {
    return;
  }
  await notifying(() => client.deleteSnapshot(id), {
    pending: trans.__('Deleting the snapshot…'),
    done: () => ({
      message: trans.__('Snapshot deleted'),
      actions: [
        {
          label: trans.__('Undo'),
          callback: () => {
            void undelete(mlops, id);
          }
        }
      ]
    }),
    failed: reason =>
      because(trans, trans.__('The snapshot was not deleted'), reason)
  });
  runs.hint();
}

async function askToDelete(trans: IMLOps['trans']): Promise<boolean> {
  const answer = await showDialog({
    title: trans.__('Delete the Snapshot?'),
    body: trans.__(
      'It leaves all lists with its note and tags. For a day it can be brought back.'
    ),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Delete') })
    ]
  });
  return answer.button.accept;
}

async function undelete(
  { client, runs, trans }: IMLOps,
  id: string
): Promise<void> {
  await notifying(() => client.undeleteSnapshot(id), {
    pending: trans.__('Bringing the snapshot back…'),
    done: () => ({ message: trans.__('The snapshot is back') }),
    failed: reason =>
      because(trans, trans.__('The snapshot was not brought back'), reason)
  });
  runs.hint();
}

async function askForMarks(
  { client, trans }: IMLOps,
  snapshot: Snapshot
): Promise<SnapshotMarks | null> {
  const { MarksForm } = await import('./marksForm');
  const { items } = await client.snapshots({ limit: 1000 });
  const body = new MarksForm({
    note: snapshot.note ?? '',
    tags: snapshot.tags,
    known: [...new Set(items.flatMap(({ tags }) => tags))].sort(),
    trans
  });
  const answer = await showDialog({
    title: trans.__('Note and Tags'),
    body,
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Save') })
    ],
    focusNodeSelector: 'textarea'
  });
  if (!answer.button.accept || answer.value === null) {
    return null;
  }
  const { note, tags } = answer.value;
  const changes: SnapshotMarks = {
    ...(note === (snapshot.note ?? '') ? {} : { note }),
    ...(tags.join() === snapshot.tags.join() ? {} : { tags })
  };
  return Object.keys(changes).length > 0 ? changes : null;
}
