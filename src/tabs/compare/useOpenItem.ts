import type { ComparedRun } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { openNotebook } from '../../commands/openNotebook';
import { useMLOps } from '../../hooks/context';

/**
 * Opens what is compared: a run, a snapshot of it that is not its newest, or the notebook that is there now.
 */
export function useOpenItem(): (item: ComparedRun) => Promise<void> {
  const { commands, mlops } = useMLOps();
  return async ({ present, run, snapshot_id: snapshotId }) =>
    present
      ? openNotebook(mlops, commands, run.notebook_path!)
      : void commands.execute(CommandIDs.openRun, {
          runId: run.run_id,
          ...(snapshotId === run.snapshot_id ? {} : { snapshotId })
        });
}
