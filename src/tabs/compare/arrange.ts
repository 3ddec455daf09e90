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

// numbers come as texts where they are parameters
function isBelow(left: number | string, right: number | string): boolean {
  const [a, b] = [Number(left), Number(right)];
  return Number.isNaN(a) || Number.isNaN(b) ? `${left}` < `${right}` : a < b;
}

/**
 * The runs of a comparison, those with the name of another one with their id in it.
 */
export function named({ items }: Comparison, trans: TranslationBundle): Run[] {
  const counts = new Map<string, number>();
  items.forEach(({ run: { name } }) =>
    counts.set(name, (counts.get(name) ?? 0) + 1)
  );
  return items.map(({ present, run }) =>
    present
      ? { ...run, name: trans.__('%1 now', run.name) }
      : counts.get(run.name) === 1
        ? run
        : { ...run, name: `${run.name} ${run.run_id.slice(0, SHORT_ID)}` }
  );
}
