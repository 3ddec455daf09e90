import type { TranslationBundle } from '@jupyterlab/translation';

import type { Snapshot } from '../../api/types';
import { formatNumber } from '../../components/number';
import { runWord } from '../../components/RunMark';

/**
 * What took a snapshot.
 */
export function originWord(
  origin: Snapshot['origin'],
  trans: TranslationBundle
): string {
  switch (origin) {
    case 'run':
      return trans.__('headless run');
    case 'save':
      return trans.__('on save');
    case 'run-all':
      return trans.__('after a whole run');
    case 'safety':
      return trans.__('before a restore');
    case 'reproduction':
      return trans.__('reproduction');
    default:
      return trans.__('by hand');
  }
}

/**
 * How a metric stands against the snapshot before; `null` where there is nothing to compare.
 */
export function changeOf(
  snapshot: Snapshot,
  before: Snapshot | undefined,
  metric: string | null
): number | null {
  const now = metric === null ? undefined : snapshot.metrics[metric];
  const then = metric === null ? undefined : before?.metrics[metric];
  return typeof now === 'number' && typeof then === 'number'
    ? now - then
    : null;
}

/**
 * `▲ +0.026`, so that the direction is not a matter of colour.
 */
export function changeText(change: number): string {
  if (change === 0) {
    return '=';
  }
  const size = formatNumber(Number(Math.abs(change).toPrecision(2)));
  return change > 0 ? `▲ +${size}` : `▼ −${size}`;
}

/**
 * All that a row says, for those who hear it.
 */
export function describe(
  snapshot: Snapshot,
  change: number | null,
  metric: string | null,
  trans: TranslationBundle
): string {
  const value = metric === null ? undefined : snapshot.metrics[metric];
  return [
    new Date(snapshot.created_at).toLocaleString(),
    runWord(snapshot, trans),
    ...(value === undefined ? [] : [`${metric} ${formatNumber(value)}`]),
    ...(change === null || change === 0
      ? []
      : [
          change > 0
            ? trans.__('up %1', formatNumber(change))
            : trans.__('down %1', formatNumber(-change))
        ]),
    originWord(snapshot.origin, trans),
    trans.__('by %1', snapshot.author),
    ...(snapshot.pinned ? [trans.__('pinned')] : []),
    ...snapshot.tags.map(tag => trans.__('tagged %1', tag)),
    ...(snapshot.note ? [snapshot.note] : [])
  ].join(', ');
}

/**
 * The names of the metrics of some snapshots, those of the newest first.
 */
export function metricsOf(snapshots: readonly Snapshot[]): string[] {
  const names = new Set<string>();
  for (const { metrics } of snapshots) {
    Object.keys(metrics).forEach(name => names.add(name));
  }
  return [...names];
}

export function tagsOf(snapshots: readonly Snapshot[]): string[] {
  return [...new Set(snapshots.flatMap(({ tags }) => tags))].sort();
}
