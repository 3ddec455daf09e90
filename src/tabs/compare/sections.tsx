import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Comparison, MetricRow, ValueRow } from '../../api/types';
import { formatDuration } from '../../components/duration';
import { GradeDot } from '../../components/GradeDot';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { formatNumber } from '../../components/number';
import { durationOf } from '../runs/columns';
import { DataCell } from './DataCell';
import { factTitle, factValue } from './facts';
import { MetricCell } from './MetricCell';
import type { IRow } from './Section';
import { When } from './When';

/**
 * A row by whose values the columns can be put in order.
 */
interface IValues {
  name: string;
  values: readonly (number | string | null)[];
}

/**
 * How a row is called that the columns can be put in order by; its id is its own among all rows.
 */
export type Ordered = (
  id: string,
  row: IValues
) => Pick<IRow, 'order' | 'title'>;

/**
 * Takes the rows that are wanted.
 */
export type Choose = <T extends { differs: boolean }>(
  rows: readonly T[]
) => T[];

export interface ISection {
  title: string;
  rows: IRow[];
  note?: string | null;
}

/**
 * What is compared, in the order in which one asks: what came out, what went in, and with what.
 */
export function sectionsOf(
  comparison: Comparison,
  chosen: Choose,
  ordered: Ordered,
  trans: TranslationBundle
): ISection[] {
  return [
    metricSection(comparison, chosen, ordered, trans),
    {
      title: trans.__('Parameters'),
      rows: chosen(comparison.parameters).map(row => ({
        ...valueRow(row),
        ...ordered(`parameter ${row.name}`, row)
      }))
    },
    dataSection(comparison, chosen, trans),
    environmentSection(comparison, chosen, trans),
    codeSection(comparison, chosen, trans),
    { title: trans.__('Run'), rows: runRows(comparison, trans) }
  ];
}

function metricSection(
  { items, metrics }: Comparison,
  chosen: Choose,
  ordered: Ordered,
  trans: TranslationBundle
): ISection {
  return {
    title: trans.__('Metrics'),
    rows: chosen(metrics).map(row => ({
      id: row.name,
      ...noisy(ordered(`metric ${row.name}`, row), row, trans),
      cells: items.map(({ run }, index) => (
        <MetricCell row={row} index={index} isThere={row.name in run.metrics} />
      ))
    }))
  };
}

function dataSection(
  { data, data_left_out: left }: Comparison,
  chosen: Choose,
  trans: TranslationBundle
): ISection {
  return {
    title: trans.__('Data'),
    rows: chosen(data).map(({ mode, path, states }) => ({
      id: `${path} (${mode})`,
      title: (
        <>
          <MiddleEllipsis text={path} />
          {mode === 'write' && (
            <span className="jp-MLOpsCompare-noise">{trans.__('written')}</span>
          )}
        </>
      ),
      cells: states.map(state => <DataCell state={state} />)
    })),
    note:
      left > 0
        ? trans._n('%1 more is not shown', '%1 more are not shown', left)
        : null
  };
}

function environmentSection(
  { environment, items }: Comparison,
  chosen: Choose,
  trans: TranslationBundle
): ISection {
  const { facts, packages, same_packages: same } = environment;
  const notes = [
    ...(same > 0
      ? [trans._n('%1 package is the same.', '%1 packages are the same.', same)]
      : []),
    ...(items.some(item => !item.has_environment)
      ? [trans.__('Where no kernel was alive, the environment is unknown.')]
      : [])
  ];
  return {
    title: trans.__('Environment'),
    rows: [
      ...chosen(facts).map(row => factRow(row, trans)),
      ...packages.map(valueRow)
    ],
    note: notes.join(' ') || null
  };
}

function codeSection(
  { code }: Comparison,
  chosen: Choose,
  trans: TranslationBundle
): ISection {
  return {
    title: trans.__('Code'),
    rows: [
      ...chosen(code.facts).map(row => factRow(row, trans)),
      ...chosen(code.modules).map(({ digests, indexes, path }) => ({
        id: path,
        title: <MiddleEllipsis text={path} />,
        cells: indexes.map((index, run) =>
          index === null ? null : (digests[run] ?? trans.__('not kept'))
        )
      }))
    ]
  };
}

/**
 * The title with the distance that seeds alone make.
 */
function noisy(
  { order, title }: Pick<IRow, 'order' | 'title'>,
  { noise }: MetricRow,
  trans: TranslationBundle
): Pick<IRow, 'order' | 'title'> {
  return {
    order,
    title: (
      <>
        {title}
        {noise !== null && (
          <span className="jp-MLOpsCompare-noise">
            {trans.__('± %1 by seed', formatNumber(noise))}
          </span>
        )}
      </>
    )
  };
}

function valueRow({ name, values }: ValueRow): IRow {
  return { id: name, title: name, cells: values };
}

function factRow({ name, values }: ValueRow, trans: TranslationBundle): IRow {
  return {
    id: name,
    title: factTitle(name, trans),
    cells: values.map(value => factValue(name, value))
  };
}

function runRows({ items }: Comparison, trans: TranslationBundle): IRow[] {
  const facts: [string, (item: Comparison['items'][0]) => React.ReactNode][] = [
    [
      trans.__('Grade'),
      ({ grade, reasons }) =>
        grade && (
          <>
            <GradeDot grade={grade} label />
            {reasons.map(({ message }, index) => (
              <span key={index} className="jp-MLOpsCompare-noise">
                {message}
              </span>
            ))}
          </>
        )
    ],
    [trans.__('Started'), item => <When item={item} />],
    [
      trans.__('Duration'),
      ({ run }) => {
        const duration = durationOf(run);
        return duration === null ? null : formatDuration(duration, trans);
      }
    ],
    [trans.__('Author'), ({ run }) => run.author],
    [
      trans.__('Notebook'),
      ({ run }) =>
        run.notebook_path && <MiddleEllipsis text={run.notebook_path} />
    ]
  ];
  return facts.map(([title, render]) => ({
    id: title,
    title,
    cells: items.map(render)
  }));
}
