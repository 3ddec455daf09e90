import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { KernelSpec } from '@jupyterlab/services';
import type { CommandRegistry } from '@lumino/commands';

import type {
  RestoreRequest,
  Restored,
  SnapshotDetail,
  Status
} from '../api/types';
import { jupyterPath } from '../services/paths';
import type { IMLOps } from '../tokens';
import type { IOutcome } from './notify';
import { because, notifying } from './notify';
import { saveIfDirty } from './save';
import { showAsWritten } from './shown';
import type { ISnapshotSubject } from './subject';
import { snapshotOf } from './subject';

/**
 * Asks where to and what, restores a snapshot, and opens its notebook.
 *
 * @returns what was restored, or `null` if nothing was.
 */
export async function restoreSnapshot(
  mlops: IMLOps,
  commands: CommandRegistry,
  documents: IDocumentManager | null,
  kernels: Pick<KernelSpec.IManager, 'refreshSpecs'>,
  subject: ISnapshotSubject
): Promise<Restored | null> {
  const what = mlops.trans.__('Nothing was restored');
  const snapshot = await snapshotOf(mlops, subject, what);
  const request = snapshot && (await ask(mlops, snapshot));
  if (snapshot === null || request === null) {
    return null;
  }
  return carryOut(
    { mlops, commands, documents, kernels },
    snapshot.id,
    snapshot.notebook_path,
    request
  );
}

/**
 * What a restore works with.
 */
interface ITools {
  mlops: IMLOps;
  commands: CommandRegistry;
  documents: IDocumentManager | null;
  kernels: Pick<KernelSpec.IManager, 'refreshSpecs'>;
}

async function carryOut(
  tools: ITools,
  id: string,
  notebookPath: string,
  request: RestoreRequest
): Promise<Restored | null> {
  const { commands, documents, kernels, mlops } = tools;
  const { client, runs, trans } = mlops;
  const restored = await notifying(
    async () => {
      const status = await client.status();
      const path = jupyterPath(status, notebookPath);
      const open = path === null ? null : documents?.findWidget(path);
      if (request.in_place && open) {
        await saveIfDirty(open.context, trans);
      }
      const done = await client.restoreSnapshot(id, request);
      if (done.kernel) {
        await kernels.refreshSpecs();
      }
      if (request.in_place) {
        const paths = done.files.map(file => jupyterPath(status, file.path));
        await showAsWritten(
          documents,
          paths.filter(written => written !== null)
        );
      }
      await openNotebook(commands, status, done);
      return done;
    },
    {
      pending: trans.__('Restoring %1…', notebookPath),
      done: found => outcome(tools, found),
      failed: reason => because(trans, trans.__('Nothing was restored'), reason)
    }
  );
  runs.hint();
  return restored;
}

/**
 * Restores in place what was there before a restore in place.
 */
async function undo(
  tools: ITools,
  { notebook_path: path, safety_snapshot_id: id }: Restored
): Promise<void> {
  if (id !== null) {
    await carryOut(tools, id, path, {
      folder: null,
      in_place: true,
      data: true,
      outputs: false,
      environment: false,
      downloads: false,
      kernel: false
    });
  }
}

async function ask(
  { trans }: IMLOps,
  snapshot: SnapshotDetail
): Promise<RestoreRequest | null> {
  const { RestoreForm } = await import('./restoreForm');
  const answer = await showDialog({
    title: trans.__('Restore Snapshot'),
    body: new RestoreForm({ snapshot, trans }),
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Restore') })
    ]
  });
  return answer.button.accept ? answer.value : null;
}

async function openNotebook(
  commands: CommandRegistry,
  status: Status,
  { notebook_path: restored }: Restored
): Promise<void> {
  const path = jupyterPath(status, restored);
  if (path !== null) {
    await commands.execute('docmanager:open', { path });
  }
}

function outcome(tools: ITools, restored: Restored): IOutcome {
  const { trans } = tools.mlops;
  const { environment, files, kernel, left_out: leftOut, masked } = restored;
  const remarks = [
    ...leftOut.map(
      ({ advice, path, reason }) => `${path}: ${reason} ${advice}`
    ),
    ...masked.map(where => trans.__('Secrets are masked in: %1.', where)),
    ...(environment?.notes ?? [])
  ];
  const parts = [
    trans._n('%1 file restored', '%1 files restored', files.length),
    ...(restored.safety_snapshot_id
      ? [trans.__('what was there before is in a snapshot')]
      : []),
    ...(environment && !kernel
      ? [trans.__('environment: %1', environment.python)]
      : []),
    ...(kernel ? [trans.__('kernel: %1', kernel.display_name)] : []),
    ...(remarks.length > 0
      ? [trans._n('%1 remark', '%1 remarks', remarks.length)]
      : [])
  ];
  const show = () =>
    void showDialog({
      title: trans.__('Restored, With Remarks'),
      body: remarks.join('\n\n'),
      buttons: [Dialog.okButton()]
    });
  return {
    message: parts.join(' · '),
    type: remarks.length > 0 ? 'warning' : 'success',
    actions: [
      ...(remarks.length > 0
        ? [{ label: trans.__('Show'), callback: show }]
        : []),
      ...(restored.safety_snapshot_id
        ? [
            {
              label: trans.__('Undo'),
              callback: () => void undo(tools, restored)
            }
          ]
        : [])
    ]
  };
}
