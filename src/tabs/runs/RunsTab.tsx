import * as React from 'react';

import type { Run, RunColumns } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { useSelection } from '../../hooks/selection';
import type { RunList } from '../../services/runList';
import { ColumnChooser } from './ColumnChooser';
import type { IColumn } from './columns';
import { arranged, arrangementAfter } from './arrangement';
import {
  allColumns,
  firstColumns,
  NAME_COLUMN,
  searchFields,
  valuesOf
} from './columns';
import { filterOf } from './completion';
import { ExperimentPicker } from './ExperimentPicker';
import { FilterInput } from './FilterInput';
import { orderBy, ordersAfter } from './orders';
import { RunTable } from './RunTable';
import { SelectionBar } from './SelectionBar';
import type { ITableState } from './state';
import { useTableState } from './state';
import { useRunList } from './useRunList';

const MOST_LOOKED_AT = 200;
const NO_COLUMNS: RunColumns = { metrics: [], params: [], tags: [] };

/**
 * All runs as a table: found by a filter, sorted by the server, chosen to be compared.
 */
export function RunsTab(): JSX.Element {
  const { mlops, trans } = useMLOps();
  const table = useTableState();
  const { state, view } = table;
  const runs = useRunList(
    state && {
      experimentId: state.experimentId,
      filter: filterOf(state.filter),
      orderBy: orderBy(view.orders)
    }
  );
  const experimentId = state?.experimentId ?? null;
  // a run that logs something new comes with a name that is not in the list
  const newest = React.useMemo(() => namesOf(runs.items), [runs.items]);
  const { data: names } = useRequest(
    () => mlops.client.runColumns(experimentId),
    [experimentId, newest]
  );
  const columns = React.useMemo(
    () => allColumns(names ?? NO_COLUMNS, trans),
    [names]
  );
  return state === null ? (
    <div className="jp-MLOpsState-bar" />
  ) : (
    <Loaded table={{ ...table, state }} runs={runs} columns={columns} />
  );
}

interface ILoadedProps {
  table: ReturnType<typeof useTableState> & { state: ITableState };
  runs: RunList;
  columns: readonly IColumn[];
}

function Loaded({ columns, runs, table }: ILoadedProps): JSX.Element {
  const { commands } = useMLOps();
  const { state, setView, view } = table;
  const ids = React.useMemo(
    () => runs.items.map(run => run.run_id),
    [runs.items]
  );
  const selection = useSelection(ids);
  const chosen = React.useMemo(
    () => runs.items.filter(run => selection.ids.has(run.run_id)),
    [runs.items, selection.ids]
  );
  const shownIds = view.columns ?? firstColumns(columns);
  const shown = React.useMemo(
    () =>
      arranged(
        columns.filter(({ id }) => id === NAME_COLUMN || shownIds.includes(id)),
        view
      ),
    [columns, shownIds.join('\n'), view.order, view.pinned]
  );
  return (
    <div className="jp-MLOpsRuns">
      <Tools columns={columns} shownIds={shownIds} runs={runs} table={table} />
      <StateView
        phase={runs.phase}
        error={runs.error}
        retry={() => void runs.refresh()}
        isEmpty={runs.items.length === 0}
        empty={<Empty isFiltered={state.filter !== ''} />}
      >
        <RunTable
          runs={runs.items}
          columns={shown}
          widths={view.widths}
          pinned={1 + shown.filter(({ id }) => view.pinned.includes(id)).length}
          orders={view.orders}
          selection={selection}
          hasMore={runs.hasMore}
          onMore={() => void runs.loadMore()}
          onOpen={({ run_id: runId }) =>
            void commands.execute(CommandIDs.openRun, { runId })
          }
          onOrder={(column, isFurther) =>
            setView({ orders: ordersAfter(view.orders, column, isFurther) })
          }
          onMove={(from, to) =>
            setView(arrangementAfter(shown, view, from, to))
          }
          onResize={({ id }, width) =>
            setView({ widths: widthsAfter(view.widths, id, width) })
          }
        />
      </StateView>
      <SelectionBar
        runs={runs.items}
        chosen={chosen}
        hasMore={runs.hasMore}
        columns={shown}
        onClear={selection.clear}
      />
    </div>
  );
}

function Tools(props: ILoadedProps & { shownIds: string[] }): JSX.Element {
  const { trans } = useMLOps();
  const { columns, runs, shownIds, table } = props;
  const { setState, setView, state, view } = table;
  return (
    <div
      className="jp-MLOpsRuns-tools"
      role="toolbar"
      aria-label={trans.__('Runs table')}
    >
      <ExperimentPicker
        value={state.experimentId}
        onChange={experimentId => setState({ experimentId })}
      />
      <FilterInput
        value={state.filter}
        fields={searchFields(columns)}
        valuesOf={field => valuesOf(runs.items, columns, field)}
        isRefused={runs.phase === 'failed' && state.filter !== ''}
        onApply={filter => setState({ filter })}
      />
      <ColumnChooser
        columns={columns}
        shown={shownIds}
        pinned={view.pinned}
        onChange={chosen => setView({ columns: chosen })}
        onPin={pinned => setView({ pinned })}
        onReset={() => setView({ columns: null, order: [], pinned: [] })}
      />
    </div>
  );
}

function Empty(props: { isFiltered: boolean }): JSX.Element {
  const { trans } = useMLOps();
  return (
    <p>
      {props.isFiltered
        ? trans.__('No run fits the filter.')
        : trans.__(
            'Click Snapshot in any notebook, or log with MLflow in a cell: each run becomes a row here.'
          )}
    </p>
  );
}

function widthsAfter(
  widths: Record<string, number>,
  id: string,
  width: number | null
): Record<string, number> {
  const others = Object.entries(widths).filter(([name]) => name !== id);
  return Object.fromEntries(width === null ? others : [...others, [id, width]]);
}

/**
 * All names that the first runs use.
 */
function namesOf(runs: readonly Run[]): string {
  const names = new Set<string>();
  for (const { metrics, params, tags } of runs.slice(0, MOST_LOOKED_AT)) {
    for (const pairs of [metrics, params, tags]) {
      Object.keys(pairs).forEach(name => names.add(name));
    }
  }
  return [...names].sort().join('\n');
}
