import { Dialog, showDialog } from '@jupyterlab/apputils';

import { errorMessage } from '../api/request';
import type { Snapshot, SnapshotMarks } from '../api/types';
import type { IMLOps } from '../tokens';
import { inTurn } from './inTurn';
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
  let before: Snapshot;
  let changes: SnapshotMarks | null;
  try {
    before = await client.snapshot(id);
    changes = await askForMarks(mlops, before);
  } catch (reason) {
    refuse(because(trans, what, errorMessage(reason)));
    return;
  }
  if (changes === null) {
    return;
  }
  const marks = changes;
  const { note, tags } = before;
  await write(mlops, id, marks, trans.__('Note saved'), {
    ...('note' in marks ? { note: note ?? '' } : {}),
    ...('tags' in marks ? { tags } : {})
  });
}

/**
 * Writes marks, and offers to write the ones that were there `before`.
 */
async function write(
  mlops: IMLOps,
  id: string,
  marks: SnapshotMarks,
  message: string,
  before: SnapshotMarks | null
): Promise<void> {
  const { client, trans } = mlops;
  const undo = () => {
    const put = trans.__('The note is as it was');
    void (before && write(mlops, id, before, put, null));
  };
  await notifying(() => client.markSnapshot(id, marks), {
    pending: trans.__('Saving the note…'),
    done: () => ({
      message,
      actions: before ? [{ label: trans.__('Undo'), callback: undo }] : []
    }),
    failed: reason => because(trans, trans.__('The note was not saved'), reason)
  });
}

/**
 * Asks unless the user has said so, deletes the snapshots, and offers to bring them back.
 */
export async function deleteSnapshots(
  mlops: IMLOps,
  ids: readonly string[],
  isSure = false
): Promise<void> {
  const { client, runs, trans } = mlops;
  const count = ids.length;
  if (count === 0 || !(isSure || (await askToDelete(count, trans)))) {
    return;
  }
  await notifying(() => inTurn(ids, id => client.deleteSnapshot(id)), {
    pending: trans._n(
      'Deleting the snapshot…',
      'Deleting %1 snapshots…',
      count
    ),
    done: () => ({
      message: trans._n('Snapshot deleted', '%1 snapshots deleted', count),
      actions: [
        {
          label: trans.__('Undo'),
          callback: () => {
            void undelete(mlops, ids);
          }
        }
      ]
    }),
    failed: reason =>
      because(
        trans,
        trans._n(
          'The snapshot was not deleted',
          'Not all snapshots were deleted',
          count
        ),
        reason
      )
  });
  runs.hint();
}

async function askToDelete(
  count: number,
  trans: IMLOps['trans']
): Promise<boolean> {
  const answer = await showDialog({
    title: trans._n('Delete the Snapshot?', 'Delete %1 Snapshots?', count),
    body: trans._n(
      'It leaves all lists with its note and tags. For a day it can be brought back.',
      'They leave all lists with their notes and tags. For a day they can be brought back.',
      count
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
  ids: readonly string[]
): Promise<void> {
  const count = ids.length;
  await notifying(() => inTurn(ids, id => client.undeleteSnapshot(id)), {
    pending: trans._n(
      'Bringing the snapshot back…',
      'Bringing %1 snapshots back…',
      count
    ),
    done: () => ({
      message: trans._n('The snapshot is back', '%1 snapshots are back', count)
    }),
    failed: reason =>
      because(
        trans,
        trans._n(
          'The snapshot was not brought back',
          'Not all snapshots were brought back',
          count
        ),
        reason
      )
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
