import * as React from 'react';

import type { Comparison } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { Curves } from '../../components/charts/Curves';
import { Parallel } from '../../components/charts/Parallel';
import { Scatter } from '../../components/charts/Scatter';
import { StateView } from '../../components/StateView';
import { Tabs } from '../../components/Tabs';
import { useChangeCount } from '../../hooks/changes';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { named } from './arrange';
import { Cells } from './Cells';
import { CompareTable } from './CompareTable';
import { describeDifference } from './difference';
import { FigureRows } from './FigureRows';

/**
 * Runs side by side: what went in, what came out, and how it went. The first one is the baseline.
 */
export function CompareTab(props: { runIds: readonly string[] }): JSX.Element {
  const { mlops, trans } = useMLOps();
  const [order, setOrder] = React.useState(props.runIds);
  const changes = useChangeCount('tracking', ...props.runIds);
  const { data, ...request } = useRequest(
    () => mlops.client.comparison(order),
    [order, changes]
  );
  return (
    <StateView {...request} isEmpty={data === null}>
      {data && (
        <div className="jp-MLOpsCompare">
          <p className="jp-MLOpsCompare-sentence">
            {data.items.length < 2
              ? trans.__('There are no two runs to compare.')
              : describeDifference(data, trans)}
          </p>
          {data.missing.length > 0 && (
            <p className="jp-MLOpsRun-hint">
              {trans._n(
                '%1 of the runs is gone.',
                '%1 of the runs are gone.',
                data.missing.length
              )}
            </p>
          )}
          {data.items.length > 0 && (
            <Parts
              comparison={data}
              onArrange={places => {
                const ids = idsOf(data);
                setOrder(places.map(at => ids[at]));
              }}
            />
          )}
        </div>
      )}
    </StateView>
  );
}

function Parts(props: {
  comparison: Comparison;
  onArrange: (places: number[]) => void;
}): JSX.Element {
  const { commands, trans } = useMLOps();
  const { comparison, onArrange } = props;
  const runs = React.useMemo(() => named(comparison), [comparison]);
  const tabs = [
    {
      id: 'table',
      title: trans.__('Table'),
      render: () => (
        <CompareTable comparison={comparison} onArrange={onArrange} />
      )
    },
    {
      id: 'cells',
      title: trans.__('Cells'),
      render: () => <Cells comparison={comparison} />
    },
    {
      id: 'figures',
      title: trans.__('Figures'),
      render: () => <FigureRows comparison={comparison} runs={runs} />
    },
    {
      id: 'curves',
      title: trans.__('Curves'),
      render: () => <Curves runs={runs} />
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
          onOpen={runId => void commands.execute(CommandIDs.openRun, { runId })}
        />
      )
    }
  ];
  return <Tabs label={trans.__('Comparison')} tabs={tabs} />;
}

/**
 * A snapshot is named by its own id: its run may have others.
 */
function idsOf({ items }: Comparison): string[] {
  return items.map(({ run, snapshot_id: id }) => id ?? run.run_id);
}
