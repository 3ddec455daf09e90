import type { TranslationBundle } from '@jupyterlab/translation';

import type { Run, RunColumns } from '../../api/types';
import type { IField } from './completion';

export type ColumnGroup = 'attributes' | 'metrics' | 'params' | 'tags';

/**
 * A column of the runs table. Its id is the field's name in MLflow's grammar, where it has one.
 */
export interface IColumn {
  id: string;
  group: ColumnGroup;
  title: string;
  width: number;

  /**
   * Whether the server can sort by it.
   */
  sortable: boolean;

  /**
   * What is exported and compared; `null` where the run has none.
   */
  valueOf: (run: Run) => string | number | null;
}

export const NAME_COLUMN = 'attributes.run_name';
export const START_COLUMN = 'attributes.start_time';
export const DURATION_COLUMN = 'duration';
const NOTEBOOK_COLUMN = 'tags.`mlops.notebook_path`';
const METRIC_WIDTH = 96;
const TEXT_WIDTH = 128;

// of metrics and of parameters, until the user chooses
const MOST_AT_FIRST = 6;

/**
 * All columns that there are: what every run has, then metrics, parameters and tags by name.
 */
export function allColumns(
  names: RunColumns,
  trans: TranslationBundle
): IColumn[] {
  return [
    ...attributeColumns(trans),
    ...names.metrics.map(key =>
      column('metrics', key, METRIC_WIDTH, run => run.metrics[key])
    ),
    ...names.params.map(key =>
      column('params', key, TEXT_WIDTH, run => run.params[key])
    ),
    ...names.tags.map(key =>
      column('tags', key, TEXT_WIDTH, run => run.tags[key])
    )
  ];
}

/**
 * The columns that are shown until the user chooses others.
 */
export function firstColumns(columns: readonly IColumn[]): string[] {
  const of = (group: ColumnGroup) =>
    columns.filter(column => column.group === group).map(({ id }) => id);
  return [
    START_COLUMN,
    DURATION_COLUMN,
    NOTEBOOK_COLUMN,
    ...of('metrics').slice(0, MOST_AT_FIRST),
    ...of('params').slice(0, MOST_AT_FIRST)
  ];
}

/**
 * How MLflow's grammar writes a field: keys that are not plain words stand in backticks or quotes.
 */
export function fieldName(group: ColumnGroup, key: string): string {
  if (/^[A-Za-z_]\w*$/.test(key)) {
    return `${group}.${key}`;
  }
  return key.includes('`') ? `${group}."${key}"` : `${group}.\`${key}\``;
}

/**
 * What a filter may ask for.
 */
export function searchFields(columns: readonly IColumn[]): IField[] {
  return columns
    .filter(({ sortable }) => sortable)
    .map(({ group, id }) => ({
      name: id,
      kind:
        group === 'metrics' || id.endsWith('_time')
          ? 'number'
          : group === 'attributes'
            ? 'text'
            : 'optional'
    }));
}

/**
 * The texts that some runs have in a field, each once.
 */
export function valuesOf(
  runs: readonly Run[],
  columns: readonly IColumn[],
  field: string
): string[] {
  const column = columns.find(({ id }) => id === field);
  const values = runs.map(run => column?.valueOf(run) ?? null);
  return [...new Set(values.filter(value => typeof value === 'string'))];
}

/**
 * How long a run took or has taken, in milliseconds; null where nobody knows, as of a snapshot that was taken of what
 * had run before.
 */
export function durationOf(run: Run): number | null {
  const end = run.ended_at ?? (run.status === 'RUNNING' ? Date.now() : null);
  return end === null || end === run.started_at
    ? null
    : new Date(end).getTime() - new Date(run.started_at).getTime();
}

function attributeColumns(trans: TranslationBundle): IColumn[] {
  const attribute = (
    id: string,
    title: string,
    width: number,
    valueOf: IColumn['valueOf']
  ): IColumn => ({
    id,
    group: 'attributes',
    title,
    width,
    sortable: id !== DURATION_COLUMN,
    valueOf
  });
  return [
    attribute(NAME_COLUMN, trans.__('Run'), 220, run => run.name),
    attribute(START_COLUMN, trans.__('Started'), 120, run => run.started_at),
    attribute(DURATION_COLUMN, trans.__('Duration'), 88, durationOf),
    attribute(
      NOTEBOOK_COLUMN,
      trans.__('Notebook'),
      160,
      run => run.notebook_path
    ),
    attribute('attributes.user_id', trans.__('Author'), 96, run => run.author),
    attribute('attributes.status', trans.__('Status'), 96, run => run.status),
    attribute('tags.`mlops.grade`', trans.__('Grade'), 80, run => run.grade),
    attribute('attributes.run_id', trans.__('Run ID'), 96, run => run.run_id)
  ];
}

function column<T extends string | number | null>(
  group: ColumnGroup,
  key: string,
  width: number,
  valueOf: (run: Run) => T | undefined
): IColumn {
  return {
    id: fieldName(group, key),
    group,
    title: key,
    width,
    sortable: true,
    valueOf: run => valueOf(run) ?? null
  };
}
