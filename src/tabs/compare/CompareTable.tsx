import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Comparison, MetricRow, ValueRow } from '../../api/types';
import { formatDuration } from '../../components/duration';
import { GradeDot } from '../../components/GradeDot';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { formatNumber } from '../../components/number';
import { formatBytes } from '../../components/size';
import { moved } from '../../hooks/columnDrag';
import { useMLOps } from '../../hooks/context';
import { durationOf } from '../runs/columns';
import { arranged } from './arrange';
import { DataCell } from './DataCell';
import { Head } from './Head';
import { MetricCell } from './MetricCell';
import { RowTitle } from './RowTitle';
import { type IRow, Section } from './Section';
import { When } from './When';

/**
 * Runs side by side, the first one as the baseline that the others are measured against.
 */
export function CompareTable(props: {
  comparison: Comparison;
  /**
   * Told in which order the columns are wanted, by the places where they are.
   */
  onArrange: (places: number[]) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { comparison, onArrange } = props;
  const { items } = comparison;
  const [order, setOrder] = React.useState<IOrder | null>(null);
  const onMove = (from: number, to: number) => {
    setOrder(null);
    onArrange(moved([...items.keys()], from, to));
  };
  const ordered = (id: string, { name, values }: IValues) => ({
    order: order?.id === id ? order.direction : null,
    title: (
      <RowTitle
        name={name}
        order={order?.id === id ? order.direction : null}
        onOrder={isDescending => {
          setOrder({
            id,
            direction: isDescending ? 'descending' : 'ascending'
          });
          onArrange(arranged(values, isDescending));
        }}
      />
    )
  });
  const [onlyDifferent, setOnlyDifferent] = React.useState(true);
  const chosen = <T extends { differs: boolean }>(rows: readonly T[]) =>
    rows.filter(({ differs }) => differs || !onlyDifferent);
  const sections = sectionsOf(comparison, chosen, ordered, trans);
  return (
    <>
      <label>
        <input
          type="checkbox"
          checked={onlyDifferent}
          onChange={({ target }) => setOnlyDifferent(target.checked)}
        />{' '}
        {trans.__('Only what differs')}
      </label>
      <div className="jp-MLOpsCompare-scroll" tabIndex={0}>
        <table className="jp-MLOpsTable jp-MLOpsCompare-table">
          <thead>
            <tr>
              <td />
              {items.map((item, index) => (
                <Head
                  key={item.snapshot_id ?? item.run.run_id}
                  item={item}
                  index={index}
                  count={items.length}
                  onMove={onMove}
                />
              ))}
            </tr>
          </thead>
          {sections.map(section => (
            <Section key={section.title} columns={items.length} {...section} />
          ))}
        </table>
      </div>
    </>
  );
}

interface IOrder {
  id: string;
  direction: 'ascending' | 'descending';
}

interface IValues {
  name: string;
  values: readonly (number | string | null)[];
}

type Ordered = (id: string, row: IValues) => Pick<IRow, 'order' | 'title'>;

type Choose = <T extends { differs: boolean }>(rows: readonly T[]) => T[];

function sectionsOf(
  comparison: Comparison,
  chosen: Choose,
  ordered: Ordered,
  trans: TranslationBundle
): { title: string; rows: IRow[]; note?: string | null }[] {
  const { code, data, environment, items, parameters } = comparison;
  const left = comparison.data_left_out;
  return [
    {
      title: trans.__('Metrics'),
      rows: chosen(comparison.metrics).map(row => ({
        id: row.name,
        ...noisy(ordered(`metric ${row.name}`, row), row, trans),
        cells: items.map(({ run }, index) => (
          <MetricCell
            row={row}
            index={index}
            isThere={row.name in run.metrics}
          />
        ))
      }))
    },
    {
      title: trans.__('Parameters'),
      rows: chosen(parameters).map(row => ({
        ...valueRow(row),
        ...ordered(`parameter ${row.name}`, row)
      }))
    },
    {
      title: trans.__('Data'),
      rows: chosen(data).map(({ mode, path, states }) => ({
        id: `${path} (${mode})`,
        title: (
          <>
            <MiddleEllipsis text={path} />
            {mode === 'write' && (
              <span className="jp-MLOpsCompare-noise">
                {trans.__('written')}
              </span>
            )}
          </>
        ),
        cells: states.map(state => <DataCell state={state} />)
      })),
      note:
        left > 0
          ? trans._n('%1 more is not shown', '%1 more are not shown', left)
          : null
    },
    {
      title: trans.__('Environment'),
      rows: [
        ...chosen(environment.facts).map(row => factRow(row, trans)),
        ...environment.packages.map(valueRow)
      ],
      note: items.some(item => !item.has_environment)
        ? trans.__('Where no kernel was alive, the environment is unknown.')
        : null
    },
    {
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
    },
    { title: trans.__('Run'), rows: runRows(comparison, trans) }
  ];
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

/**
 * A fact that the server names: in the user's words and units.
 */
function factRow({ name, values }: ValueRow, trans: TranslationBundle): IRow {
  const titles: Record<string, string> = {
    language: trans.__('Language'),
    implementation: trans.__('Implementation'),
    platform: trans.__('Platform'),
    machine: trans.__('Machine'),
    cpu_count: trans.__('CPUs'),
    memory_bytes: trans.__('Memory'),
    executable: trans.__('Interpreter'),
    commit: trans.__('Commit'),
    branch: trans.__('Branch'),
    diff: trans.__('Uncommitted changes'),
    seeds: trans.__('Seeds')
  };
  const text = (value: string | null) =>
    name === 'memory_bytes' && value !== null
      ? formatBytes(Number(value))
      : value;
  return { id: name, title: titles[name] ?? name, cells: values.map(text) };
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
