import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { PathExt } from '@jupyterlab/coreutils';

import { errorMessage } from '../api/request';
import type { IMLOps } from '../tokens';
import { because, refuse } from './notify';

/**
 * Asks, then restarts the kernel, runs all cells and takes a snapshot of what came of it.
 *
 * @param runAll - runs the cells; tells whether none failed.
 * @param snapshot - takes the snapshot.
 */
export async function runClean(
  { trans }: IMLOps,
  panel: NotebookPanel,
  runAll: (panel: NotebookPanel) => Promise<boolean>,
  snapshot: () => Promise<unknown>
): Promise<void> {
  const name = PathExt.basename(panel.context.localPath);
  const what = trans.__('%1 was not run clean', name);
  const { session } = panel.sessionContext;
  if (!session?.kernel) {
    refuse(because(trans, what, trans.__('it has no kernel.')));
    return;
  }
  const { button } = await showDialog({
    title: trans.__('Run %1 Clean?', name),
    body: trans.__(
      'The kernel is restarted: all variables are lost. Then all cells are run from top to bottom, and a snapshot is taken.'
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Run clean') })
    ]
  });
  if (!button.accept) {
    return;
  }
  try {
    await session.kernel.restart();
  } catch (reason) {
    refuse(because(trans, what, errorMessage(reason)));
    return;
  }
  if (await runAll(panel)) {
    await snapshot();
  } else {
    refuse(
      because(trans, what, trans.__('a cell failed, so no snapshot was taken.'))
    );
  }
}
