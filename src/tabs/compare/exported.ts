import type { TranslationBundle } from '@jupyterlab/translation';

import type { Comparison, DataState } from '../../api/types';
import { dataChangeName } from './changes';
import { dataDelta } from './difference';
import { factTitle, factValue } from './facts';
import type { Choose } from './sections';

type Line = (string | number | null)[];

/**
 * The table as texts and numbers, the latter in full: a title line, then for each row its section, its name and the
 * values.
 */
export function tableOf(
  comparison: Comparison,
  names: readonly string[],
  chosen: Choose,
  trans: TranslationBundle
): Line[] {
  const { code, data, environment, items, metrics, parameters } = comparison;
  const facts = (section: string, rows: Comparison['parameters']): Line[] =>
    chosen(rows).map(({ name, values }) => [
      section,
      factTitle(name, trans),
      ...values.map(value => factValue(name, value))
    ]);
  return [
    ['', '', ...names],
    ...chosen(metrics).map(({ name, values }) => [
      trans.__('Metric'),
      name,
      ...values.map((value, at) =>
        value === null && name in items[at].run.metrics ? 'NaN' : value
      )
    ]),
    ...chosen(parameters).map(({ name, values }) => [
      trans.__('Parameter'),
      name,
      ...values
    ]),
    ...chosen(data).map(({ path, states }) => [
      trans.__('Data'),
      path,
      ...states.map(state => stateText(state, trans))
    ]),
    ...facts(trans.__('Environment'), environment.facts),
    ...environment.packages.map(({ name, values }) => [
      trans.__('Package'),
      name,
      ...values
    ]),
    ...facts(trans.__('Code'), code.facts),
    ...chosen(code.modules).map(({ digests, path }) => [
      trans.__('Module'),
      path,
      ...digests
    ])
  ];
}

/**
 * A table in GitHub's Markdown, which all others understand, too.
 */
export function markdownOf([head, ...lines]: Line[]): string {
  const row = (cells: Line) => `| ${cells.map(escaped).join(' | ')} |\n`;
  const rule = head.map((_, at) => (at < 2 ? '---' : '---:'));
  return [head, rule, ...lines].map(row).join('');
}

function escaped(cell: string | number | null): string {
  return String(cell ?? '')
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replace(/\s*[\r\n]+\s*/g, ' ');
}

function stateText(
  state: DataState | null,
  trans: TranslationBundle
): string | null {
  if (state === null) {
    return null;
  }
  const delta = dataDelta(state, trans);
  const change = dataChangeName(state, trans);
  return delta === null ? change : `${change} (${delta})`;
}
