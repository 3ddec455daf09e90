import { undoIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { LineageNode, Run } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { MiddleEllipsis } from '../components/MiddleEllipsis';
import { formatNumber } from '../components/number';
import { RelativeTime } from '../components/RelativeTime';
import { MoreButton, RowButton } from '../components/RowButton';
import { RunMark, runWord } from '../components/RunMark';
import { useMLOps } from '../hooks/context';
import { compareIcon } from '../icons';
import { StaleMark } from '../tabs/lineage/StaleMark';

/**
 * A run: mark, name and time above, results, parameters and author below.
 */
export function RunRow(props: {
  run: Run;
  isAutomatic?: boolean;
  stale: LineageNode | null;
}): JSX.Element {
  const { trans } = useMLOps();
  const { run, stale } = props;
  const { name, author, notebook_path: path, started_at: time } = run;
  const text = [
    ...(run.status === 'FINISHED' ? [] : [runWord(run, trans)]),
    ...(props.isAutomatic ? [trans.__('automatic')] : []),
    ...facts(run)
  ];
  return (
    <>
      <div className="jp-MLOpsRow-line">
        <RunMark run={run} />
        <MiddleEllipsis text={name} title={path ?? name} />
        <RelativeTime value={time} style="narrow" />
        <Buttons run={run} />
      </div>
      <div className="jp-MLOpsRow-line jp-mod-second">
        <span className="jp-MLOpsRow-facts" title={text.join('\n')}>
          {text.join(' · ')}
        </span>
        <span className="jp-MLOpsRow-author" title={author}>
          {author}
        </span>
      </div>
      <StaleMark node={stale} />
    </>
  );
}

/**
 * What the mouse finds on the row. The keyboard has all of it in the row's context menu.
 */
function Buttons({ run }: { run: Run }): JSX.Element {
  const { commands, trans } = useMLOps();
  const { run_id: runId, snapshot_id: snapshotId } = run;
  return (
    <span className="jp-MLOpsRow-buttons">
      {snapshotId && (
        <>
          <RowButton
            icon={compareIcon}
            name={trans.__('Compare with Previous')}
            onClick={() =>
              void commands.execute(CommandIDs.comparePrevious, { runId })
            }
          />
          <RowButton
            icon={undoIcon}
            name={trans.__('Restore…')}
            onClick={() =>
              void commands.execute(CommandIDs.restoreSnapshot, { runId })
            }
          />
        </>
      )}
      <MoreButton />
    </span>
  );
}

/**
 * Results, then parameters.
 */
export function facts({ metrics, params }: Run): string[] {
  return [
    ...Object.entries(metrics).map(
      ([name, value]) => `${name} ${formatNumber(value)}`
    ),
    ...Object.entries(params).map(([name, value]) => `${name}=${value}`)
  ];
}
