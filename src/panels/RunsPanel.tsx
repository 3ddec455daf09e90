import * as React from 'react';

import type { Run } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { RovingList } from '../components/RovingList';
import { runWord } from '../components/RunMark';
import { StateView } from '../components/StateView';
import { useCollection } from '../hooks/collection';
import { useMLOps } from '../hooks/context';
import { useRequest } from '../hooks/request';
import { useSelection } from '../hooks/selection';
import { useStale } from '../hooks/stale';
import { comparable } from '../services/comparable';
import { headlessData } from '../services/underway';
import { lineageData, staleWords } from '../tabs/lineage/StaleMark';
import { Action } from './Action';
import { Nothing, useAutomaticExperiment } from './automaticRuns';
import { facts, RunRow } from './RunRow';
import { RunSearch } from './RunSearch';

/**
 * The newest runs, or those that were looked for.
 */
export function RunsPanel(): JSX.Element {
  const { mlops, commands, trans } = useMLOps();
  const runs = useCollection(mlops.runs);
  const { automatic, experimentId, filter } = mlops.runSearch;
  const isSearch = Boolean((experimentId ?? filter) || automatic);
  const automaticId = useAutomaticExperiment(automatic ?? false);
  const stale = useStale();
  const ids = React.useMemo(
    () => runs.items.map(run => run.run_id),
    [runs.items]
  );
  const selection = useSelection(ids);
  const runIds = ids.filter(id => selection.ids.has(id));
  const isEmpty = runs.items.length === 0;
  return (
    <>
      {(!isEmpty || isSearch) && (
        <RunSearch
          runs={runs.items}
          isRefused={runs.phase === 'failed' && Boolean(filter)}
        />
      )}
      <StateView
        phase={runs.phase}
        error={runs.error}
        retry={() => void runs.refresh()}
        isEmpty={isEmpty}
        empty={isSearch ? trans.__('No run fits the filter.') : <Nothing />}
      >
        <div data-selected-runs={comparable(runIds)}>
          <RovingList
            label={trans.__('Runs')}
            items={runs.items}
            keyOf={run => run.run_id}
            describe={run => ({
              label: [
                run.name,
                runWord(run, trans),
                run.experiment_id === automaticId ? trans.__('automatic') : '',
                staleWords(stale.run(run.run_id), trans),
                ...facts(run),
                selection.ids.has(run.run_id) ? trans.__('selected') : ''
              ]
                .filter(part => part !== '')
                .join(', '),
              data: {
                'data-run-id': run.run_id,
                ...headlessData(run),
                ...lineageData(
                  stale.run(run.run_id),
                  run.snapshot_id && `snapshot:${run.snapshot_id}`
                )
              }
            })}
            render={run => (
              <RunRow
                run={run}
                isAutomatic={run.experiment_id === automaticId}
                stale={stale.run(run.run_id)}
              />
            )}
            onOpen={run => {
              void commands.execute(CommandIDs.openRun, { runId: run.run_id });
            }}
            selection={selection}
          />
        </div>
        {runs.hasMore && <More shown={runs.items} />}
      </StateView>
      <Selected runIds={runIds} onClear={selection.clear} />
    </>
  );
}

/**
 * How many runs are below those that are shown, and where to see them.
 */
function More(props: { shown: readonly Run[] }): JSX.Element {
  const { mlops, commands, trans } = useMLOps();
  const { automatic, experimentId, filter } = mlops.runSearch;
  const { length } = props.shown;
  const { data } = useRequest(
    () => mlops.client.runCount({ automatic, experimentId, filter }),
    [automatic, experimentId, filter, props.shown.at(0)?.run_id]
  );
  const rest = (data?.count ?? 0) - length;
  return (
    <div className="jp-MLOpsRunMore">
      <Action
        text={
          rest > 0
            ? trans._n('%2 more', '%2 more', rest, rest.toLocaleString())
            : trans.__('Show more')
        }
        onClick={() => void mlops.runs.loadMore()}
      />
      <Action
        text={trans.__('Open table')}
        onClick={() => void commands.execute(CommandIDs.openRuns)}
      />
    </div>
  );
}

/**
 * What can be done with the runs that were chosen with Ctrl or Shift.
 */
function Selected(props: {
  runIds: readonly string[];
  onClear: () => void;
}): JSX.Element | null {
  const { commands, trans } = useMLOps();
  const { runIds } = props;
  return runIds.length === 0 ? null : (
    <div
      className="jp-MLOpsRunSelection"
      role="toolbar"
      aria-label={trans.__('Selected runs')}
    >
      <span role="status">{trans.__('%1 selected', runIds.length)}</span>
      <Action
        text={trans.__('Compare')}
        isOff={comparable(runIds) === undefined}
        onClick={() =>
          void commands.execute(CommandIDs.compareRuns, { runIds })
        }
      />
      <Action text={trans.__('Clear')} onClick={props.onClear} />
    </div>
  );
}
