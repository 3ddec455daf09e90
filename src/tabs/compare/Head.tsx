import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { ComparedRun } from '../../api/types';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { RunMark } from '../../components/RunMark';
import { useColumnDrag } from '../../hooks/columnDrag';
import { useMLOps } from '../../hooks/context';
import { useOpenItem } from './useOpenItem';
import { When } from './When';

/**
 * The head of a run's column. It is dragged to another place, or moved there by Shift and an arrow; the first place is
 * the baseline's.
 */
export function Head(props: {
  item: ComparedRun;

  /**
   * What no other column is called.
   */
  ownName: string;

  /**
   * What it is told apart by, `null` if by nothing that is worth a line.
   */
  remark: string | null;
  index: number;
  count: number;
  onMove: (from: number, to: number) => void;

  /**
   * Takes the run out of the comparison; `null` where two have to stay.
   */
  onRemove: (() => void) | null;
}): JSX.Element {
  const { trans } = useMLOps();
  const open = useOpenItem();
  const { count, index, item, onMove, onRemove, ownName, remark } = props;
  const { snapshot_id: snapshotId } = item;
  const { name, run_id: runId, snapshot_id: newest } = item.run;
  const drag = useColumnDrag('compare', index, count, onMove);
  return (
    <th
      scope="col"
      className={drag.isTarget ? 'jp-mod-target' : undefined}
      // the menu of runs is none for a notebook
      data-run-id={item.present ? undefined : runId}
      data-snapshot-id={
        item.present || snapshotId === newest ? undefined : snapshotId
      }
      {...drag.dragProps}
    >
      <div className="jp-MLOpsCompare-name">
        <RunMark run={item.run} />
        <button
          type="button"
          className="jp-MLOpsGrid-open"
          aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
          onClick={() => void open(item)}
          onKeyDown={drag.onKeyDown}
        >
          <MiddleEllipsis text={name} />
        </button>
        {onRemove && (
          <button
            type="button"
            className="jp-MLOpsIconButton"
            aria-label={trans.__('Take %1 out of the comparison', ownName)}
            title={trans.__('Take %1 out of the comparison', ownName)}
            onClick={onRemove}
          >
            <closeIcon.react tag="span" elementSize="normal" />
          </button>
        )}
      </div>
      {remark !== null && (
        <div className="jp-MLOpsCompare-remark" title={item.note ?? remark}>
          {remark}
        </div>
      )}
      <When item={item} style="short" />
      {index === 0 ? (
        <div className="jp-MLOpsCompare-baseline">{trans.__('Baseline')}</div>
      ) : (
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-minimal jp-MLOpsCompare-baseline"
          title={trans.__('Measure the others against %1', ownName)}
          onClick={() => onMove(index, 0)}
        >
          {trans.__('Make baseline')}
        </button>
      )}
    </th>
  );
}
