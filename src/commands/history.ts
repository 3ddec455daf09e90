import { Dialog, showDialog } from '@jupyterlab/apputils';

import { errorMessage } from '../api/request';
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
