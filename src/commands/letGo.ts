import { Dialog, showDialog } from '@jupyterlab/apputils';

import type { Collected } from '../api/types';
import { formatBytes } from '../components/size';
import type { IMLOps } from '../tokens';
import { because, notifying } from './notify';

/**
 * Removes from the store what nothing needs, and data whose time is over by a rule; asks first.
 */
export async function letGo(
  { client, pulse, trans }: IMLOps,
  keepData: string | null,
  wouldGo: Collected
): Promise<Collected | null> {
  const { data, environments, removed } = wouldGo;
  const answer = await showDialog({
    title: trans.__('Remove This from the Store?'),
    body: [
      trans._n(
        '%1 object, %2, goes and cannot be brought back.',
        '%1 objects, %2, go and cannot be brought back.',
        removed.objects,
        formatBytes(removed.size_bytes)
      ),
      ...(data.length === 0
        ? []
        : [
            trans._n(
              'Among them is %1 content of data, which older snapshots then know by its digest only.',
              'Among them are %1 contents of data, which older snapshots then know by their digests only.',
              data.length
            )
          ]),
      ...(environments.length === 0
        ? []
        : [
            trans._n(
              '%1 environment goes too; it can be built again.',
              '%1 environments go too; they can be built again.',
              environments.length
            )
          ]),
      trans.__(
        'Automatic snapshots are thinned, and what was deleted more than a day ago is forgotten.'
      )
    ].join(' '),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Remove') })
    ]
  });
  if (!answer.button.accept) {
    return null;
  }
  const done = await notifying(() => client.collectStorage(keepData), {
    pending: trans.__('Removing what is not needed…'),
    done: ({ removed: gone }) => ({
      message: trans._n(
        'Removed %1 object, %2',
        'Removed %1 objects, %2',
        gone.objects,
        formatBytes(gone.size_bytes)
      )
    }),
    failed: reason => because(trans, trans.__('Not all was removed'), reason)
  });
  pulse.hint();
  return done;
}
