import type { IMLOps } from '../tokens';
import { inTurn } from './inTurn';
import { because, notifying } from './notify';

/**
 * Deletes runs at once, and offers to bring them back.
 */
export async function deleteRuns(
  mlops: IMLOps,
  runIds: readonly string[]
): Promise<void> {
  if (runIds.length === 0) {
    return;
  }
  const { client, runs, trans } = mlops;
  const count = runIds.length;
  await notifying(() => inTurn(runIds, id => client.deleteRun(id)), {
    pending: trans._n('Deleting the run…', 'Deleting %1 runs…', count),
    done: ([run]) => ({
      message: trans._n('Run %2 deleted', '%1 runs deleted', count, run.name),
      actions: [
        {
          label: trans.__('Undo'),
          callback: () => {
            void restoreRuns(mlops, runIds);
          }
        }
      ]
    }),
    failed: reason =>
      because(
        trans,
        trans._n('The run was not deleted', 'Not all runs were deleted', count),
        reason
      )
  });
  runs.hint();
}

async function restoreRuns(
  mlops: IMLOps,
  runIds: readonly string[]
): Promise<void> {
  const { client, runs, trans } = mlops;
  const count = runIds.length;
  await notifying(() => inTurn(runIds, id => client.restoreRun(id)), {
    pending: trans._n('Restoring the run…', 'Restoring %1 runs…', count),
    done: ([run]) => ({
      message: trans._n('Run %2 restored', '%1 runs restored', count, run.name)
    }),
    failed: reason =>
      because(
        trans,
        trans._n(
          'The run was not restored',
          'Not all runs were restored',
          count
        ),
        reason
      )
  });
  runs.hint();
}
