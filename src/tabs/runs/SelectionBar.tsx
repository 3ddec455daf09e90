import * as React from 'react';

import type { Run } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { download } from '../../components/download';
import { useMLOps } from '../../hooks/context';
import { comparable, MOST_COMPARED } from '../../services/comparable';
import { isHeadless } from '../../services/underway';
import type { IColumn } from './columns';
import { runsToCsv } from './csv';

/**
 * What can be done with the chosen runs; without a choice, how many there are, and all of them as CSV.
 */
export function SelectionBar(props: {
  runs: readonly Run[];
  chosen: readonly Run[];
  hasMore: boolean;
  columns: readonly IColumn[];
  onClear: () => void;
}): JSX.Element {
  const { commands, trans } = useMLOps();
  const { chosen, columns, hasMore, onClear, runs } = props;
  const runIds = chosen.map(run => run.run_id);
  const underway = chosen.filter(isHeadless);
  const isAny = chosen.length > 0;
  return (
    <div
      className="jp-MLOpsRuns-bar"
      role="toolbar"
      aria-label={trans.__('Selected runs')}
    >
      <span className="jp-MLOpsRuns-count" role="status">
        {isAny
          ? trans._n('%1 run selected', '%1 runs selected', chosen.length)
          : countText(runs.length, hasMore, trans)}
      </span>
      {isAny && (
        <>
          <Action
            text={trans.__('Compare')}
            isFirst
            isOff={comparable(runIds) === undefined}
            title={trans.__('Choose 2 to %1 runs', MOST_COMPARED)}
            onClick={() =>
              void commands.execute(CommandIDs.compareRuns, { runIds })
            }
          />
          {underway.length > 0 && (
            <Action
              text={trans.__('Stop')}
              title={trans.__('End what runs or waits of them')}
              onClick={() => {
                for (const { run_id: runId } of underway) {
                  void commands.execute(CommandIDs.stopRun, { runId });
                }
              }}
            />
          )}
          <Action
            text={trans.__('Delete')}
            onClick={() =>
              void commands.execute(CommandIDs.deleteRun, { runIds })
            }
          />
          <Action text={trans.__('Clear selection')} onClick={onClear} />
        </>
      )}
      {runs.length > 0 && (
        <Action
          text={trans.__('Export CSV')}
          title={
            isAny
              ? trans.__('The selected runs with the columns shown')
              : trans.__('The runs shown so far with the columns shown')
          }
          onClick={() =>
            download(
              'runs.csv',
              'text/csv',
              runsToCsv(isAny ? chosen : runs, columns)
            )
          }
        />
      )}
    </div>
  );
}

function countText(
  count: number,
  hasMore: boolean,
  trans: ReturnType<typeof useMLOps>['trans']
): string {
  return hasMore
    ? trans.__('More than %1 runs', count)
    : trans._n('%1 run', '%1 runs', count);
}

function Action(props: {
  text: string;
  title?: string;
  isFirst?: boolean;
  isOff?: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      className={`jp-Button jp-mod-styled jp-mod-${props.isFirst ? 'accept' : 'minimal'}`}
      title={props.title}
      disabled={props.isOff}
      onClick={props.onClick}
    >
      {props.text}
    </button>
  );
}
