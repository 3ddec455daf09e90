import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';

import { errorMessage, isNotFound } from '../api/request';
import type {
  Receipt,
  ReproductionRequest,
  SnapshotDetail
} from '../api/types';
import { isUnfinished, progressText } from '../components/receipt';
import { nextLook } from '../services/looks';
import type { IMLOps } from '../tokens';
import { CommandIDs } from './ids';
import { because, refuse, tell } from './notify';
import type { ISnapshotSubject } from './subject';
import { snapshotOf } from './subject';

const LOOK_MS = 1000;

/**
 * Asks how, runs a snapshot again, and tells the verdict.
 *
 * @returns the receipt as it was at the end, or `null` if it was not begun.
 */
export async function reproduceSnapshot(
  mlops: IMLOps,
  commands: CommandRegistry,
  subject: ISnapshotSubject,
  wanted: Partial<ReproductionRequest> = {}
): Promise<Receipt | null> {
  const { client, trans } = mlops;
  const what = trans.__('The snapshot was not reproduced');
  const snapshot = await snapshotOf(mlops, subject, what);
  const request = snapshot && (await ask(mlops, snapshot, wanted));
  if (snapshot === null || request === null) {
    return null;
  }
  try {
    const begun = await client.reproduceSnapshot(snapshot.id, request);
    return await follow(mlops, commands, begun, snapshot);
  } catch (reason) {
    return refuse(because(trans, what, errorMessage(reason)));
  }
}

async function ask(
  { trans }: IMLOps,
  snapshot: SnapshotDetail,
  wanted: Partial<ReproductionRequest>
): Promise<ReproductionRequest | null> {
  const { ReproduceForm } = await import('./reproduceForm');
  const metrics = Object.keys(snapshot.metrics);
  const answer = await showDialog({
    title: trans.__('Reproduce Snapshot'),
    body: new ReproduceForm({ metrics, trans, wanted }),
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Reproduce') })
    ]
  });
  if (!answer.button.accept || answer.value === null) {
    return null;
  }
  const { downloads, environment, tolerances, twice } = answer.value;
  return { downloads, environment, tolerances, twice, timeout: null };
}

/**
 * Shows one notification until the end. The work itself needs nobody who looks.
 */
async function follow(
  { client, runs, trans }: IMLOps,
  commands: CommandRegistry,
  begun: Receipt,
  { id: snapshotId, run_id: runId }: SnapshotDetail
): Promise<Receipt> {
  const cancel = {
    label: trans.__('Cancel'),
    callback: () => {
      client.stopReproduction(begun.receipt_id).catch(reason => {
        const what = trans.__('The reproduction was not cancelled');
        refuse(because(trans, what, errorMessage(reason)));
      });
    }
  };
  const pending = { autoClose: false as const, actions: [cancel] };
  const id = Notification.emit(
    progressText(begun, trans),
    'in-progress',
    pending
  );
  let receipt = begun;
  while (isUnfinished(receipt)) {
    await nextLook(LOOK_MS);
    const before = receipt;
    receipt = await client.receipt(begun.receipt_id).catch(reason => ({
      ...before,
      // a server that does not answer may again; a receipt that is gone went with its snapshot
      state: isNotFound(reason) ? 'stopped' : before.state
    }));
    const message = progressText(receipt, trans);
    Notification.update({ ...pending, id, message });
  }
  const open = {
    label: trans.__('Open'),
    callback: () =>
      void commands.execute(CommandIDs.openRun, { runId, snapshotId })
  };
  const message = `${receipt.notebook_path}: ${receipt.summary ?? receipt.state}`;
  tell(id, message, typeOf(receipt), false, [open]);
  runs.hint();
  return receipt;
}

function typeOf({ state, verdict }: Receipt): 'success' | 'warning' | 'error' {
  if (state === 'failed') {
    return 'error';
  }
  return verdict === 'reproduced' || verdict === 'within tolerance'
    ? 'success'
    : 'warning';
}
