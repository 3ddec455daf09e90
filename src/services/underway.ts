import type { MLOpsClient } from '../api/client';
import type { HeadlessRun, Rerun, Run } from '../api/types';

// as papermill's engine tags what it runs
const OUTPUT_TAG = 'mlops.output_path';

/**
 * What the server does for a run that runs: a headless run, or a rerun of stale notebooks of which it is one.
 */
export interface IUnderway {
  headless: HeadlessRun | null;
  rerun: Rerun | null;
}

/**
 * Whether a run has an end before it: it runs, or waits for its turn.
 */
export function isOpen({ status }: Pick<Run, 'status'>): boolean {
  return status === 'RUNNING' || status === 'SCHEDULED';
}

/**
 * Whether a run runs headless, or waits to, so that a server or a command may stop it.
 */
export function isHeadless(run: Run): boolean {
  return isOpen(run) && OUTPUT_TAG in run.tags;
}

/**
 * Marks the row of such a run for the context menu.
 */
export function headlessData(run: Run): { 'data-headless'?: string } {
  return isHeadless(run) ? { 'data-headless': 'true' } : {};
}

/**
 * Finds what this server does for a run; both are `null` where it has not begun it.
 */
export async function underway(
  client: MLOpsClient,
  { notebook_path: path, run_id: id, started_at: time }: Run
): Promise<IUnderway> {
  const headless = await client.headlessRuns();
  const found = headless.items.find(
    ({ run_id: other, state }) =>
      other === id && (state === 'running' || state === 'queued')
  );
  if (found) {
    return { headless: found, rerun: null };
  }
  // a step says only at its end which run it was
  const reruns = await client.reruns();
  const rerun = reruns.items.find(
    ({ created_at: begun, state, steps }) =>
      state === 'running' &&
      begun <= time &&
      steps.some(
        step => step.state === 'running' && step.notebook_path === path
      )
  );
  return { headless: null, rerun: rerun ?? null };
}
