import type { TranslationBundle } from '@jupyterlab/translation';

import type { CellPair, Comparison } from '../../api/types';
import { changeCounts, changeName } from './changes';
import { dataDelta, formatDelta } from './difference';

// of each kind
const MOST_NAMED = 3;

// papermill's own cell: what it holds is said of the parameters
const INJECTED = 'injected-parameters';

const MACHINE: ReadonlySet<string> = new Set([
  'platform',
  'machine',
  'cpu_model',
  'cpu_count',
  'gpus'
]);

/**
 * The cells of the baseline against those of each other column that keeps some; `null` until they are known.
 */
export type Cells = readonly (readonly CellPair[])[] | null;

/**
 * What changed, in a sentence: of two runs each change, of more the names of what differs.
 */
export function describeDifference(
  comparison: Comparison,
  cells: Cells,
  trans: TranslationBundle
): string {
  const { environment, items, parameters } = comparison;
  const kinds = [
    listed(pairs(comparison, parameters), trans),
    listed(changedData(comparison, trans), trans),
    listed(
      [
        ...pairs(comparison, environment.packages),
        ...changedFacts(comparison, trans)
      ],
      trans
    ),
    listed(changedCode(comparison, trans), trans),
    items.length === 2
      ? changedCells(cells?.at(0) ?? [], trans)
      : changedColumns(cells ?? [], trans)
  ].filter(kind => kind !== '');
  const outcome = outcomeOf(comparison, cells ?? [], trans);
  if (kinds.length > 0) {
    return `${outcome} ${trans.__('Changed: %1.', kinds.join('; '))}`;
  }
  return cells === null
    ? `${outcome} ${trans.__('Comparing cells…')}`
    : `${outcome} ${noneFound(cells, trans)}`;
}

function noneFound(
  cells: readonly unknown[],
  trans: TranslationBundle
): string {
  return cells.length > 0
    ? trans.__(
        'No change was found in parameters, data, environment and cells.'
      )
    : trans.__('No change was found in parameters, data and environment.');
}

/**
 * How the results differ: metrics, and outputs.
 */
function outcomeOf(
  comparison: Comparison,
  cells: NonNullable<Cells>,
  trans: TranslationBundle
): string {
  const metrics = listed(changedMetrics(comparison), trans);
  const isPair = comparison.items.length === 2;
  const isOutput = ({ changes }: CellPair) => changes.includes('outputs');
  const outputs = isPair
    ? cells.flat().filter(isOutput).length
    : cells.filter(column => column.some(isOutput)).length;
  const differing = isPair
    ? trans._n('%1 output differs', '%1 outputs differ', outputs)
    : trans._n(
        'outputs of %1 run differ',
        'outputs of %1 runs differ',
        outputs
      );
  if (metrics !== '') {
    return isPair
      ? `${outputs > 0 ? `${metrics}, ${differing}` : metrics}.`
      : trans.__('Results differ in %1.', metrics);
  }
  return outputs === 0
    ? trans.__('The results are the same.')
    : isPair && comparison.metrics.length === 0
      ? `${differing}.`
      : trans.__('The metrics are the same, %1.', differing);
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

function changedFacts(
  comparison: Comparison,
  trans: TranslationBundle
): string[] {
  const facts = comparison.environment.facts.filter(({ differs }) => differs);
  return [
    ...facts
      .filter(({ name }) => name === 'language')
      .map(({ values: [from, to] }) =>
        comparison.items.length === 2
          ? `${from ?? '–'} → ${to ?? '–'}`
          : trans.__('the language')
      ),
    ...(facts.some(({ name }) => MACHINE.has(name))
      ? [trans.__('the machine')]
      : [])
  ];
}

function changedCode({ code }: Comparison, trans: TranslationBundle): string[] {
  const seeds = code.facts.some(
    ({ differs, name }) => differs && name === 'seeds'
  );
  return [
    ...code.modules.filter(({ differs }) => differs).map(({ path }) => path),
    ...(seeds ? [trans.__('seeds')] : [])
  ];
}

/**
 * `2 cells edited, 1 added`, without those of which the outputs alone differ.
 */
function changedCells(
  cells: readonly CellPair[],
  trans: TranslationBundle
): string {
  const texts: string[] = [];
  for (const [kind, count] of changeCounts(cells.filter(isWritten))) {
    if (kind !== null && kind !== 'outputs') {
      const word = changeName(kind, trans);
      texts.push(
        texts.length === 0
          ? trans._n('%1 cell %2', '%1 cells %2', count, word)
          : `${count} ${word}`
      );
    }
  }
  return texts.join(', ');
}

/**
 * In how many columns something was done to cells.
 */
function changedColumns(
  cells: NonNullable<Cells>,
  trans: TranslationBundle
): string {
  const count = cells.filter(column =>
    column
      .filter(isWritten)
      .some(({ changes }) => changes.some(change => change !== 'outputs'))
  ).length;
  return count === 0
    ? ''
    : trans._n('cells of %1 run', 'cells of %1 runs', count);
}

function isWritten({ cell_id: id }: CellPair): boolean {
  return id !== INJECTED;
}

function listed(texts: readonly string[], trans: TranslationBundle): string {
  const named = texts.slice(0, MOST_NAMED).join(', ');
  const rest = texts.length - MOST_NAMED;
  return rest > 0
    ? trans._n('%2 and %1 more', '%2 and %1 more', rest, named)
    : named;
}
