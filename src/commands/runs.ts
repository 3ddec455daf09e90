import type { IMLOps } from '../tokens';
import { because, notifying } from './notify';

/**
 * Deletes a run at once, and offers to bring it back.
 */
export async function deleteRun(mlops: IMLOps, runId: string): Promise<void> {
  const { client, runs, trans } = mlops;
  await notifying(() => client.deleteRun(runId), {
    pending: trans.__('Deleting the run…'),
    done: run => ({
      message: trans.__('Run %1 deleted', run.name),
      actions: [
        {
          label: trans.__('Undo'),
          callback: () => {
            void restoreRun(mlops, runId);
          }
        }
      ]
    }),
    failed: reason =>
      because(trans, trans.__('The run was not deleted'), reason)
  });
  runs.hint();
}

async function restoreRun(mlops: IMLOps, runId: string): Promise<void> {
  const { client, runs, trans } = mlops;
  await notifying(() => client.restoreRun(runId), {
    pending: trans.__('Restoring the run…'),
    done: run => ({ message: trans.__('Run %1 restored', run.name) }),
    failed: reason =>
      because(trans, trans.__('The run was not restored'), reason)
  });
  runs.hint();
}
