import type { ComparedRun } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { useMLOps } from '../../hooks/context';
import { jupyterPath } from '../../services/paths';

/**
 * Opens what is compared: a run, or the notebook that is there now.
 */
export function useOpenItem(): (item: ComparedRun) => Promise<void> {
  const { commands, mlops } = useMLOps();
  return async ({ present, run }) => {
    if (!present) {
      await commands.execute(CommandIDs.openRun, { runId: run.run_id });
      return;
    }
    const path = jupyterPath(await mlops.client.status(), run.notebook_path!);
    await commands.execute('docmanager:open', { path });
  };
}
