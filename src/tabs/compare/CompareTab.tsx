import { PathExt } from '@jupyterlab/coreutils';
import * as React from 'react';

import type { Comparison, Run } from '../../api/types';
import { Curves } from '../../components/charts/Curves';
import { Parallel } from '../../components/charts/Parallel';
import { Scatter } from '../../components/charts/Scatter';
import { StateView } from '../../components/StateView';
import { Tabs } from '../../components/Tabs';
import { useMLOps } from '../../hooks/context';
import { subjectOfPresent } from '../../services/present';
import type { ITabTitle } from '../title';
import { Cells } from './Cells';
import { CompareTable } from './CompareTable';
import { FigureRows } from './FigureRows';
import { NameChoice } from './NameChoice';
import { firstWayToName, named, waysToName } from './naming';
import type { NamedBy } from './naming';
import { PresentBar } from './PresentBar';
import { describeDifference } from './sentence';
import type { CompareCells } from './useCellComparisons';
import { useCellComparisons } from './useCellComparisons';
import { useComparison } from './useComparison';
import { useOpenItem } from './useOpenItem';

/**
 * Runs side by side: what went in, what came out, and how it went. The first one is the baseline. `onTitle` is told how
 * the tab is called.
 */
export function CompareTab(props: {
  runIds: readonly string[];
  onTitle?: (title: ITabTitle) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { onTitle, runIds } = props;
  const [order, setOrder] = React.useState(runIds);
  const ref = React.useRef<HTMLDivElement>(null);
  const { open, refresh, request } = useComparison(order, ref);
  const { data } = request;
  const path = data?.present?.notebook_path;
  React.useEffect(() => {
    if (path !== undefined) {
      onTitle?.({
        label: trans.__('Compare %1', PathExt.basename(path)),
        caption: trans.__('What changed in %1', path)
      });
    }
  }, [path]);
  return (
    <div ref={ref}>
      <StateView {...request} isEmpty={data === null}>
        {data && (
          <div className="jp-MLOpsCompare">
            {data.present && (
              <PresentBar
                present={data.present}
                open={open}
                onRefresh={refresh}
              />
            )}
            <Compared
              comparison={data.comparison}
              onArrange={places => {
                const ids = idsOf(data.comparison, order);
                setOrder(places.map(at => ids[at]));
              }}
            />
          </div>
        )}
      </StateView>
    </div>
  );
}

function Compared(props: {
  comparison: Comparison;
  onArrange: (places: number[]) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { items, missing } = props.comparison;
  const { all, compare } = useCellComparisons(items);
  const cells = all && all.map(({ items: pairs }) => pairs);
  return (
    <>
      <p className="jp-MLOpsCompare-sentence">
        {items.length < 2
          ? trans.__('There are no two runs to compare.')
          : describeDifference(props.comparison, cells, trans)}
      </p>
      {missing.length > 0 && (
        <p className="jp-MLOpsRun-hint">
          {trans._n(
            '%1 of the runs is gone.',
            '%1 of the runs are gone.',
            missing.length
          )}
        </p>
      )}
      {items.length > 0 && <Parts {...props} compareCells={compare} />}
    </>
  );
}

function Parts(props: {
  comparison: Comparison;
  compareCells: CompareCells;
  onArrange: (places: number[]) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const open = useOpenItem();
  const { comparison, compareCells, onArrange } = props;
  const { items } = comparison;
  const [chosen, setChosen] = React.useState<NamedBy | null>(null);
  const isKnown = chosen !== null && waysToName(comparison).includes(chosen);
  const namedBy = isKnown ? chosen : firstWayToName(comparison);
  const runs = React.useMemo(
    () => named(comparison, namedBy, trans),
    [comparison, namedBy]
  );
  const logged = React.useMemo(() => loggedRuns(comparison, runs), [runs]);
  const tabs = [
    {
      id: 'table',
      title: trans.__('Table'),
      render: () => (
        <CompareTable
          comparison={comparison}
          names={runs.map(({ name }) => name)}
          namedBy={namedBy}
          onArrange={onArrange}
        />
      )
    },
    {
      id: 'cells',
      title: trans.__('Cells'),
      render: () => (
        <Cells comparison={comparison} runs={runs} compare={compareCells} />
      )
    },
    {
      id: 'figures',
      title: trans.__('Figures'),
      render: () => <FigureRows comparison={comparison} runs={runs} />
    },
    {
      id: 'curves',
      title: trans.__('Curves'),
      render: () => <Curves runs={logged} />
    },
    {
      id: 'parallel',
      title: trans.__('Parallel coordinates'),
      render: () => <Parallel runs={runs} />
    },
    {
      id: 'scatter',
      title: trans.__('Scatter'),
      render: () => (
        <Scatter
          runs={runs}
          onOpen={id =>
            void open(items[runs.findIndex(run => run.run_id === id)])
          }
        />
      )
    }
  ];
  return (
    <>
      <NameChoice
        comparison={comparison}
        value={namedBy}
        onChange={setChosen}
      />
      <Tabs label={trans.__('Comparison')} tabs={tabs} />
    </>
  );
}

/**
 * The runs whose curves there may be, each once: nothing was logged for a notebook as it is now.
 */
function loggedRuns({ items }: Comparison, runs: readonly Run[]): Run[] {
  const found = new Map<string, Run>();
  items.forEach(({ present, run: { run_id: id } }, at) => {
    if (!present && !found.has(id)) {
      found.set(id, { ...runs[at], run_id: id });
    }
  });
  return [...found.values()];
}

/**
 * A snapshot is named by its own id: its run may have others.
 */
function idsOf({ items }: Comparison, order: readonly string[]): string[] {
  const now = order.find(name => subjectOfPresent(name) !== null);
  return items.map(({ present, run, snapshot_id: id }) =>
    present ? now! : (id ?? run.run_id)
  );
}
