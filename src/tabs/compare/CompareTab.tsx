import * as React from 'react';

import type { Run } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { Curves } from '../../components/charts/Curves';
import { Parallel } from '../../components/charts/Parallel';
import { Scatter } from '../../components/charts/Scatter';
import { StateView } from '../../components/StateView';
import { Tabs } from '../../components/Tabs';
import { useChangeCount } from '../../hooks/changes';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { CompareTable } from './CompareTable';
import { describeDifference } from './difference';

const LARGEST_PAGE = 1000;

/**
 * Runs side by side: what went in, what came out, and how it went.
 */
export function CompareTab(props: { runIds: readonly string[] }): JSX.Element {
  const { client } = useMLOps().mlops;
  const { runIds } = props;
  const changes = useChangeCount('tracking', ...runIds);
  const { data, ...request } = useRequest(
    () =>
      client.runs({
        limit: LARGEST_PAGE,
        filter: `attributes.run_id IN (${runIds.map(quoted).join(', ')})`
      }),
    [runIds.join(), changes]
  );
  return (
    <StateView {...request} isEmpty={data === null}>
      {data && <Comparison runIds={runIds} found={data.items} />}
    </StateView>
  );
}

function Comparison(props: {
  runIds: readonly string[];
  found: readonly Run[];
}): JSX.Element {
  const { commands, trans } = useMLOps();
  const { found, runIds } = props;
  const [baseline, setBaseline] = React.useState<string | null>(null);
  const [onlyDifferent, setOnlyDifferent] = React.useState(true);
  const runs = React.useMemo(() => {
    const order = [...(baseline === null ? [] : [baseline]), ...runIds];
    const place = (run: Run) => order.indexOf(run.run_id);
    return [...found].sort((left, right) => place(left) - place(right));
  }, [found, baseline, runIds.join()]);
  const missing = runIds.length - found.length;
  const tabs = [
    {
      id: 'table',
      title: trans.__('Table'),
      render: () => (
        <>
          <label>
            <input
              type="checkbox"
              checked={onlyDifferent}
              onChange={({ target }) => setOnlyDifferent(target.checked)}
            />{' '}
            {trans.__('Only what differs')}
          </label>
          <CompareTable
            runs={runs}
            onlyDifferent={onlyDifferent}
            onBaseline={run => setBaseline(run.run_id)}
          />
        </>
      )
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
  return (
    <div className="jp-MLOpsCompare">
      <p className="jp-MLOpsCompare-sentence">
        {runs.length < 2
          ? trans.__('There are no two runs to compare.')
          : describeDifference(runs, trans)}
      </p>
      {missing > 0 && (
        <p className="jp-MLOpsRun-hint">
          {trans._n(
            '%1 of the runs was deleted.',
            '%1 of the runs were deleted.',
            missing
          )}
        </p>
      )}
      {runs.length > 0 && <Tabs label={trans.__('Comparison')} tabs={tabs} />}
    </div>
  );
}

function quoted(id: string): string {
  return `'${id.replaceAll("'", "''")}'`;
}
