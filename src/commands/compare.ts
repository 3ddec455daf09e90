import type { JupyterFrontEnd } from '@jupyterlab/application';

import { errorMessage } from '../api/request';
import { snapshotBefore } from '../services/before';
import { presentOf } from '../services/present';
import type { IMLOps } from '../tokens';
import { CommandIDs } from './ids';
import { because, refuse } from './notify';

/**
 * Opens a run, or one of its snapshots, beside the snapshot that its notebook had before, or says why there is nothing
 * to compare.
 */
export async function compareWithPrevious(
  { client, trans }: IMLOps,
  commands: JupyterFrontEnd['commands'],
  runId: string,
  snapshotId: string | null = null
): Promise<void> {
  try {
    const { name, snapshot_id: newest } = await client.run(runId);
    const id = snapshotId ?? newest;
    const before =
      id === null ? null : snapshotBefore(await client.snapshot(id));
    if (before === null) {
      refuse(trans.__('%1 has no earlier snapshot to compare with.', name));
      return;
    }
    const runIds = [before, snapshotId ?? runId];
    await commands.execute(CommandIDs.compareRuns, { runIds });
  } catch (reason) {
    refuse(
      because(trans, trans.__('The run was not compared'), errorMessage(reason))
    );
  }
}

/**
 * Opens a run, or one of its snapshots, beside its notebook as it is now, or says why there is none.
 */
export async function compareWithNow(
  { client, trans }: IMLOps,
  commands: JupyterFrontEnd['commands'],
  runId: string,
  snapshotId: string | null
): Promise<void> {
  try {
    const { name, notebook_path: path } = await client.run(runId);
    if (path === null) {
      refuse(trans.__('%1 was not run in a notebook.', name));
      return;
    }
    const id = snapshotId ?? runId;
    const runIds = [id, presentOf(id)];
    await commands.execute(CommandIDs.compareRuns, { runIds });
  } catch (reason) {
    refuse(
      because(trans, trans.__('The run was not compared'), errorMessage(reason))
    );
  }
}
