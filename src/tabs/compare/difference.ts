import type { TranslationBundle } from '@jupyterlab/translation';

import type { Comparison, DataState } from '../../api/types';
import { formatNumber } from '../../components/number';
import { formatBytes } from '../../components/size';

// of each, in the sentence above the table
const MOST_NAMED = 3;

/**
 * A number with its sign, in four significant digits.
 */
export function formatDelta(delta: number): string {
  return signed(delta, formatNumber);
}

/**
 * How much more there is of something than in the baseline: rows where they are known, else files, else bytes.
 */
export function dataDelta(
  state: DataState | null,
  trans: TranslationBundle
): string | null {
  const {
    count_delta: files,
    row_delta: rows,
    size_delta: bytes
  } = state ?? {};
  const count = (value: number) => value.toLocaleString();
  if (rows) {
    return trans._n('%2 row', '%2 rows', Math.abs(rows), signed(rows, count));
  }
  if (files) {
    return trans._n(
      '%2 file',
      '%2 files',
      Math.abs(files),
      signed(files, count)
    );
  }
  return bytes ? signed(bytes, formatBytes) : null;
}

/**
 * What changed, in a sentence: of two runs each change, of more the names of what differs.
 */
export function describeDifference(
  comparison: Comparison,
  trans: TranslationBundle
): string {
  const results = changedMetrics(comparison);
  const causes = [
    ...pairs(comparison, comparison.parameters),
    ...changedData(comparison, trans),
    ...pairs(comparison, comparison.environment.packages),
    ...pairs(
      comparison,
      comparison.environment.facts.filter(({ name }) => name === 'language')
    ),
    ...comparison.code.modules
      .filter(({ differs }) => differs)
      .map(({ path }) => path)
  ];
  const [first] = results;
  const outcome =
    first === undefined
      ? trans.__('The results are the same.')
      : comparison.items.length === 2
        ? `${listed(results, trans)}.`
        : trans.__('Results differ in %1.', listed(results, trans));
  const reason =
    causes.length === 0
      ? trans.__('No change was found in parameters, data and packages.')
      : trans.__('Changed: %1.', listed(causes, trans));
  return `${outcome} ${reason}`;
}

function changedMetrics({ items, metrics }: Comparison): string[] {
  return metrics
    .filter(({ differs }) => differs)
    .map(({ name, values: [from, to] }) =>
      items.length === 2 && from !== null && to !== null
        ? `${name} ${formatDelta(to - from)}`
        : name
    );
}

function pairs(
  { items }: Comparison,
  rows: Comparison['parameters']
): string[] {
  return rows
    .filter(({ differs }) => differs)
    .map(({ name, values: [from, to] }) =>
      items.length === 2 ? `${name} ${from ?? '–'} → ${to ?? '–'}` : name
    );
}

function changedData(
  { data, items }: Comparison,
  trans: TranslationBundle
): string[] {
  return data
    .filter(({ differs, mode }) => differs && mode === 'read')
    .map(({ path, states }) => {
      const delta = items.length === 2 ? dataDelta(states[1], trans) : null;
      return delta === null ? path : `${path} (${delta})`;
    });
}

function listed(texts: readonly string[], trans: TranslationBundle): string {
  const named = texts.slice(0, MOST_NAMED).join(', ');
  const rest = texts.length - MOST_NAMED;
  return rest > 0
    ? trans._n('%2 and %1 more', '%2 and %1 more', rest, named)
    : named;
}

function signed(value: number, format: (value: number) => string): string {
  return value === 0
    ? '±0'
    : `${value > 0 ? '+' : '−'}${format(Math.abs(value))}`;
}
