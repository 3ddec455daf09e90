import * as React from 'react';

import type { ComparedRun } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { RelativeTime } from '../../components/RelativeTime';
import { RunMark } from '../../components/RunMark';
import { useColumnDrag } from '../../hooks/columnDrag';
import { useMLOps } from '../../hooks/context';

/**
 * The head of a run's column. It is dragged to another place, or moved there by Shift and an arrow; the first place is
 * the baseline's.
 */
export function Head(props: {
  item: ComparedRun;
  index: number;
  count: number;
  onMove: (from: number, to: number) => void;
}): JSX.Element {
  const { commands, trans } = useMLOps();
  const { count, index, item, onMove } = props;
  const { name, run_id: runId } = item.run;
  const drag = useColumnDrag('compare', index, count, onMove);
  return (
    <th
      scope="col"
      className={drag.isTarget ? 'jp-mod-target' : undefined}
      data-run-id={runId}
      {...drag.dragProps}
    >
      <div className="jp-MLOpsCompare-name">
        <RunMark run={item.run} />
        <button
          type="button"
          className="jp-MLOpsGrid-open"
          aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
          onClick={() => void commands.execute(CommandIDs.openRun, { runId })}
          onKeyDown={drag.onKeyDown}
        >
          <MiddleEllipsis text={name} />
        </button>
      </div>
      <RelativeTime value={item.run.started_at} style="short" />
      {index === 0 ? (
        <div className="jp-MLOpsCompare-baseline">{trans.__('Baseline')}</div>
      ) : (
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-minimal jp-MLOpsCompare-baseline"
          title={trans.__('Measure the others against %1', name)}
          onClick={() => onMove(index, 0)}
        >
          {trans.__('Make baseline')}
        </button>
      )}
    </th>
  );
}
