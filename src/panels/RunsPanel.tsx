import * as React from 'react';

import type { Run } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { MiddleEllipsis } from '../components/MiddleEllipsis';
import { formatNumber } from '../components/number';
import { RelativeTime } from '../components/RelativeTime';
import { RovingList } from '../components/RovingList';
import { RunMark, runWord } from '../components/RunMark';
import { StateView } from '../components/StateView';
import { useCollection } from '../hooks/collection';
import { useMLOps } from '../hooks/context';

/**
 * The newest runs: mark, name and time above, results, parameters and author below.
 */
export function RunsPanel(): JSX.Element {
  const { mlops, commands, trans } = useMLOps();
  const runs = useCollection(mlops.runs);
  return (
    <StateView
      phase={runs.phase}
      error={runs.error}
      retry={() => void runs.refresh()}
      isEmpty={runs.items.length === 0}
      empty={trans.__(
        'Click Snapshot in any notebook to keep the whole experiment: code, data, environment, results.'
      )}
    >
      <RovingList
        label={trans.__('Runs')}
        items={runs.items}
        keyOf={run => run.run_id}
        describe={run => ({
          label: [run.name, runWord(run, trans), ...facts(run)].join(', '),
          data: { 'data-run-id': run.run_id }
        })}
        render={run => <RunRow run={run} />}
        onOpen={run => {
          void commands.execute(CommandIDs.openRun, { runId: run.run_id });
        }}
      />
      {runs.hasMore && (
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-minimal jp-MLOpsMore"
          onClick={() => void runs.loadMore()}
        >
          {trans.__('Show more')}
        </button>
      )}
    </StateView>
  );
}

function RunRow(props: { run: Run }): JSX.Element {
  const { trans } = useMLOps();
  const { run } = props;
  const { name, author, notebook_path: path, started_at: time } = run;
  const text =
    run.status === 'FINISHED'
      ? facts(run)
      : [runWord(run, trans), ...facts(run)];
  return (
    <>
      <div className="jp-MLOpsRow-line">
        <RunMark run={run} />
        <MiddleEllipsis text={name} title={path ?? name} />
        <RelativeTime value={time} style="narrow" />
      </div>
      <div className="jp-MLOpsRow-line jp-mod-second">
        <span className="jp-MLOpsRow-facts" title={text.join('\n')}>
          {text.join(' · ')}
        </span>
        <span className="jp-MLOpsRow-author" title={author}>
          {author}
        </span>
      </div>
    </>
  );
}

/**
 * Results, then parameters.
 */
function facts({ metrics, params }: Run): string[] {
  return [
    ...Object.entries(metrics).map(
      ([name, value]) => `${name} ${formatNumber(value)}`
    ),
    ...Object.entries(params).map(([name, value]) => `${name}=${value}`)
  ];
}
