import { Dialog, showDialog } from '@jupyterlab/apputils';

import { errorMessage } from '../api/request';
import type { Rerun } from '../api/types';
import { isOpen, underway } from '../services/underway';
import type { IMLOps } from '../tokens';
import { because, refuse } from './notify';

/**
 * Stops a run: what it has shown so far is kept in its snapshot, so nobody is asked. Where other notebooks would be
 * stopped with it, or not be begun, the user is.
 *
 * @returns whether it is being stopped.
 */
export async function stopRun(mlops: IMLOps, runId: string): Promise<boolean> {
  const { client, runs, trans } = mlops;
  let name = runId;
  try {
    const run = await client.run(runId);
    name = run.name;
    const { headless, rerun } = await underway(client, run);
    if (headless) {
      await client.stopHeadlessRun(runId);
    } else if (rerun) {
      if (!(await askToStop(rerun, run.notebook_path, mlops))) {
        return false;
      }
      await client.stopRerun(rerun.rerun_id);
    } else if (isOpen(run)) {
      throw new Error(
        trans.__(
          'this server has not begun it. Interrupt it where it was begun: in a terminal, say.'
        )
      );
    }
    runs.hint();
    return true;
  } catch (reason) {
    const what = trans.__('%1 was not stopped', name);
    refuse(because(trans, what, errorMessage(reason)));
    return false;
  }
}

async function askToStop(
  { steps }: Rerun,
  path: string | null,
  { trans }: IMLOps
): Promise<boolean> {
  const others = steps.filter(
    ({ notebook_path: other, state }) =>
      other !== path && (state === 'running' || state === 'waiting')
  );
  if (others.length === 0) {
    return true;
  }
  const { button } = await showDialog({
    title: trans._n(
      'Stop %1 Other Notebook Too?',
      'Stop %1 Other Notebooks Too?',
      others.length
    ),
    body: trans.__(
      'This one is run again together with: %1. What runs of them is stopped, and what waits is not begun: they stay stale.',
      others.map(({ notebook_path: other }) => other).join(', ')
    ),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Stop all') })
    ]
  });
  return button.accept;
}
