import type { TranslationBundle } from '@jupyterlab/translation';

import type { ComparedRun, Comparison, Run } from '../../api/types';

const SHORT_ID = 6;
const LONGEST = 60;

/**
 * What tells runs apart: their notes, a parameter, or nothing but their ids.
 */
export type NamedBy = 'id' | 'note' | `=${string}`;

/**
 * What the runs can be told apart by.
 */
export function waysToName({ items, parameters }: Comparison): NamedBy[] {
  const differing = parameters.filter(({ differs }) => differs);
  return [
    'id',
    ...(items.some(({ note }) => note) ? (['note'] as const) : []),
    ...differing.map(({ name }): NamedBy => `=${name}`)
  ];
}

/**
 * What people said of the runs, else the one parameter that was varied, else their ids.
 */
export function firstWayToName(comparison: Comparison): NamedBy {
  const [, way, ...others] = waysToName(comparison);
  // of two runs the sentence tells the parameter
  const isVaried = others.length === 0 && comparison.items.length > 2;
  return way === 'note' || (way !== undefined && isVaried) ? way : 'id';
}

/**
 * What is said of a run beside its name; `null` if nothing is.
 */
export function remarkOf(
  { note, run }: ComparedRun,
  by: NamedBy
): string | null {
  if (by === 'id') {
    return null;
  }
  if (by !== 'note') {
    const parameter = by.slice(1);
    return `${parameter} ${run.params[parameter] ?? '–'}`;
  }
  const [line] = (note ?? '').trim().split('\n');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line || null;
}

/**
 * The runs of a comparison, each with a name that no other one has. What is not the newest snapshot of its run has the
 * snapshot's id: the run may be there, too.
 */
export function named(
  { items }: Comparison,
  by: NamedBy,
  trans: TranslationBundle
): Run[] {
  const isOneNotebook = new Set(items.map(({ run }) => run.name)).size === 1;
  const names = items.map(item => {
    const { name } = item.run;
    const remark = item.present ? null : remarkOf(item, by);
    return remark === null
      ? name
      : isOneNotebook
        ? remark
        : `${name} · ${remark}`;
  });
  const counts = new Map<string, number>();
  names.forEach(name => counts.set(name, (counts.get(name) ?? 0) + 1));
  return items.map(({ present, run, snapshot_id: snapshotId }, at) => {
    if (present) {
      return { ...run, name: trans.__('%1 now', run.name) };
    }
    const { run_id: runId, snapshot_id: newest } = run;
    const id = snapshotId === newest ? runId : (snapshotId ?? runId);
    const { [at]: name } = names;
    return {
      ...run,
      run_id: id,
      name: counts.get(name) === 1 ? name : `${name} ${id.slice(0, SHORT_ID)}`
    };
  });
}
