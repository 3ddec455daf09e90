import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { KernelSpec } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { errorMessage, isNotFound } from '../api/request';
import type { HeadlessOptions, HeadlessRun } from '../api/types';
import { formatDuration } from '../components/duration';
import { formatNumber } from '../components/number';
import { nextLook } from '../services/looks';
import type { IMLOps } from '../tokens';
import { CommandIDs } from './ids';
import { because, refuse, tell } from './notify';
import { saveIfDirty } from './save';

const LOOK_MS = 500;
const TYPES = {
  queued: 'in-progress',
  running: 'in-progress',
  finished: 'success',
  stopped: 'warning',
  failed: 'error'
} as const;

/**
 * A notebook that is open, or the path of one.
 */
type Subject = DocumentRegistry.Context | { path: string };

/**
 * Asks with which parameters, runs a notebook headless as it stands, and tells what came of it.
 *
 * @returns the run as it was at the end, or `null` if it was not begun.
 */
export async function runHeadless(
  mlops: IMLOps,
  commands: CommandRegistry,
  services: { kernelspecs: Pick<KernelSpec.IManager, 'specs'> },
  subject: Subject
): Promise<HeadlessRun | null> {
  const { client, trans } = mlops;
  const what = trans.__('Nothing was run');
  try {
    if ('model' in subject) {
      await saveIfDirty(subject, trans);
    }
    // read only now: saving may have renamed the notebook
    const path = 'model' in subject ? subject.localPath : subject.path;
    const options = await ask(mlops, path, services.kernelspecs.specs);
    return options === null
      ? null
      : await follow(
          mlops,
          commands,
          await client.startHeadlessRun(path, options)
        );
  } catch (reason) {
    return refuse(because(trans, what, errorMessage(reason)));
  }
}

/**
 * Follows what runs already: the page was loaded anew, or another one began it.
 */
export async function followAll(
  mlops: IMLOps,
  commands: CommandRegistry
): Promise<void> {
  try {
    const { items } = await mlops.client.headlessRuns();
    const unfinished = items.filter(isUnfinished);
    await Promise.all(unfinished.map(run => follow(mlops, commands, run)));
  } catch {
    // they stand in the list of runs all the same
  }
}

async function ask(
  { client, trans }: IMLOps,
  path: string,
  specs: KernelSpec.ISpecModels | null
): Promise<HeadlessOptions | null> {
  const { HeadlessForm } = await import('./headlessForm');
  const { kernel_name: kernel, parameters } =
    await client.notebookParameters(path);
  const kernels = Object.values(specs?.kernelspecs ?? {}).flatMap(spec =>
    spec ? [{ name: spec.name, label: spec.display_name }] : []
  );
  const answer = await showDialog({
    title: trans.__('Run %1 Headless', PathExt.basename(path)),
    body: new HeadlessForm({ parameters, kernel, kernels, trans }),
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Run') })
    ]
  });
  if (!answer.button.accept || answer.value === null) {
    return null;
  }
  const { kernel_name, parameters: given, timeout } = answer.value;
  return { kernel_name, parameters: given, timeout };
}

/**
 * Shows one notification until the end. The run itself needs nobody who looks.
 */
async function follow(
  { client, runs, trans }: IMLOps,
  commands: CommandRegistry,
  begun: HeadlessRun
): Promise<HeadlessRun> {
  const { run_id: runId } = begun;
  const cancel = {
    label: trans.__('Cancel'),
    callback: () => {
      client.stopHeadlessRun(runId).catch(reason => {
        const what = trans.__('%1 was not stopped', begun.notebook_path);
        refuse(because(trans, what, errorMessage(reason)));
      });
    }
  };
  const pending = { autoClose: false as const, actions: [cancel] };
  const id = Notification.emit(progress(begun, trans), 'in-progress', pending);
  let run = begun;
  let began = false;
  let waited = false;
  while (isUnfinished(run)) {
    began ||= run.state === 'running';
    waited ||= run.state === 'queued';
    await nextLook(LOOK_MS);
    const before = run;
    run = await client.headlessRun(runId).catch(reason => ({
      ...before,
      // a server that does not answer may again; one that was restarted has stopped it
      state: isNotFound(reason) ? 'stopped' : before.state
    }));
    Notification.update({ ...pending, id, message: progress(run, trans) });
  }
  const open = {
    label: trans.__('Open'),
    callback: () => void commands.execute(CommandIDs.openRun, { runId })
  };
  tell(
    id,
    outcome(run, began, trans),
    TYPES[run.state],
    false,
    waited || hasRow(run, began) ? [open] : []
  );
  runs.hint();
  return run;
}

function isUnfinished({ state }: HeadlessRun): boolean {
  return state === 'queued' || state === 'running';
}

/**
 * Whether there is anything to open: a run that did not wait has left nothing if it was refused.
 */
function hasRow({ result, state }: HeadlessRun, began: boolean): boolean {
  return result !== null || (state === 'stopped' && began);
}

function progress(
  { cell, cells, notebook_path: path, place, state }: HeadlessRun,
  trans: TranslationBundle
): string {
  if (state === 'queued') {
    return trans.__(
      '%1 waits for other headless runs to end: number %2 in the queue',
      path,
      place
    );
  }
  return cell === null
    ? trans.__('Running %1 headless…', path)
    : trans.__('Running %1 headless: cell %2 of %3', path, cell, cells);
}

function outcome(
  { message, notebook_path: path, result, state }: HeadlessRun,
  began: boolean,
  trans: TranslationBundle
): string {
  switch (state) {
    case 'stopped':
      return began || result !== null
        ? trans.__('%1 was stopped', path)
        : trans.__('%1 was stopped before its turn came', path);
    case 'failed':
      return because(trans, trans.__('%1 failed', path), message ?? '');
    default: {
      const seconds = result?.duration_seconds ?? 0;
      const metric = Object.entries(result?.metrics ?? {})[0];
      return [
        trans.__('%1 ran in %2', path, formatDuration(seconds * 1000, trans)),
        ...(metric ? [`${metric[0]} ${formatNumber(metric[1])}`] : [])
      ].join(' · ');
    }
  }
}
