import type { TranslationBundle } from '@jupyterlab/translation';

import type { Run } from '../../api/types';
import { formatNumber } from '../../components/number';

// of each, in the sentence above the table
const MOST_NAMED = 3;

/**
 * A number with its sign, in four significant digits.
 */
export function formatDelta(delta: number): string {
  const text = formatNumber(Math.abs(delta));
  return delta === 0 ? '±0' : `${delta > 0 ? '+' : '−'}${text}`;
}

/**
 * Whether the runs have not all the same value of a name.
 */
export function isDifferent(
  runs: readonly Run[],
  pairsOf: (run: Run) => Record<string, unknown>,
  name: string
): boolean {
  return new Set(runs.map(run => pairsOf(run)[name])).size > 1;
}

/**
 * The names of all runs' pairs, sorted.
 */
export function namesIn(
  runs: readonly Run[],
  pairsOf: (run: Run) => object
): string[] {
  return [...new Set(runs.flatMap(run => Object.keys(pairsOf(run))))].sort();
}

/**
 * What changed, in a sentence: of two runs each change, of more the names of what differs.
 */
export function describeDifference(
  runs: readonly Run[],
  trans: TranslationBundle
): string {
  const params = namesIn(runs, run => run.params).filter(name =>
    isDifferent(runs, run => run.params, name)
  );
  const metrics = namesIn(runs, run => run.metrics).filter(name =>
    isDifferent(runs, run => run.metrics, name)
  );
  if (params.length === 0 && metrics.length === 0) {
    return trans.__('The runs have the same parameters and metrics.');
  }
  const [base, other] = runs;
  const isPair = runs.length === 2;
  const changes = metrics.map(name => {
    const [from, to] = [base.metrics[name], other.metrics[name]];
    return isPair && typeof from === 'number' && typeof to === 'number'
      ? `${name} ${formatDelta(to - from)}`
      : name;
  });
  const causes = params.map(name =>
    isPair
      ? `${name} ${base.params[name] ?? '–'} → ${other.params[name] ?? '–'}`
      : name
  );
  const results = metrics.length
    ? trans.__('Results: %1.', listed(changes, trans))
    : trans.__('The results are the same.');
  const reasons = params.length
    ? trans.__('Changed: %1.', listed(causes, trans))
    : trans.__('The parameters are the same.');
  return `${results} ${reasons}`;
}

function listed(texts: readonly string[], trans: TranslationBundle): string {
  const named = texts.slice(0, MOST_NAMED).join(', ');
  const rest = texts.length - MOST_NAMED;
  return rest > 0
    ? trans._n('%2 and %1 more', '%2 and %1 more', rest, named)
    : named;
}
