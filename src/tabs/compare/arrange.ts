import type { TranslationBundle } from '@jupyterlab/translation';

import type { Comparison, Run } from '../../api/types';

const SHORT_ID = 6;

/**
 * The places of values in their order, the first one's before all: it is the baseline. What has no value comes last.
 */
export function arranged(
  values: readonly (number | string | null)[],
  isDescending: boolean
): number[] {
  const places = values.map((_, at) => at).slice(1);
  const compare = (a: number, b: number): number => {
    const [left, right] = [values[a], values[b]];
    if (left === null || right === null) {
      return left === right ? 0 : left === null ? 1 : -1;
    }
    const sign = isDescending ? -1 : 1;
    return sign * (isBelow(left, right) ? -1 : isBelow(right, left) ? 1 : 0);
  };
  return [0, ...places.sort(compare)];
}

/**
 * Numbers before texts, so that the order is one however they are mixed.
 */
function isBelow(left: number | string, right: number | string): boolean {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== null && b !== null) {
    return a < b;
  }
  return a === b ? `${left}` < `${right}` : b === null;
}

// numbers come as texts where they are parameters
function numberOf(value: number | string): number | null {
  const number = `${value}`.trim() === '' ? NaN : Number(value);
  return Number.isNaN(number) ? null : number;
}

/**
 * The runs of a comparison, those with the name of another one with their id in it. What is not the newest snapshot of
 * its run has the snapshot's id: the run may be there, too.
 */
export function named({ items }: Comparison, trans: TranslationBundle): Run[] {
  const counts = new Map<string, number>();
  items.forEach(({ run: { name } }) =>
    counts.set(name, (counts.get(name) ?? 0) + 1)
  );
  return items.map(({ present, run, snapshot_id: snapshotId }) => {
    if (present) {
      return { ...run, name: trans.__('%1 now', run.name) };
    }
    const { name, run_id: runId, snapshot_id: newest } = run;
    const id = snapshotId === newest ? runId : (snapshotId ?? runId);
    return {
      ...run,
      run_id: id,
      name: counts.get(name) === 1 ? name : `${name} ${id.slice(0, SHORT_ID)}`
    };
  });
}
