import * as React from 'react';

import type { Snapshot } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { useMLOps } from '../../hooks/context';
import { destination, howChosen, rowAt } from '../../hooks/rows';
import type { ISelection } from '../../hooks/selection';

// rows that a page is turned by
const PAGE = 10;

type Handlers = Pick<
  React.DOMAttributes<HTMLElement>,
  'onClick' | 'onFocus' | 'onKeyDown'
>;

/**
 * What clicks and keys do in the timeline: arrows move, Space and Shift choose, Enter opens, Delete deletes.
 */
export function useTimelineKeys(
  snapshots: readonly Snapshot[],
  selection: ISelection,
  ref: React.RefObject<HTMLElement>,
  show: (index: number) => void
): Handlers {
  const { commands } = useMLOps();
  const goal = React.useRef<number | null>(null);
  React.useLayoutEffect(() => {
    const row = ref.current?.querySelector<HTMLElement>(
      `[data-index="${goal.current}"]`
    );
    if (row) {
      goal.current = null;
      row.focus();
    }
  });
  const open = (index: number) => {
    const { id: snapshotId, run_id: runId } = snapshots[index];
    void commands.execute(CommandIDs.openRun, { runId, snapshotId });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const index = rowAt(event.target);
    const isRow = (event.target as HTMLElement).dataset.index !== undefined;
    if (index === null || !isRow || event.altKey) {
      return;
    }
    const next = destination(event.key, index, snapshots.length, PAGE);
    if (next !== null) {
      if (event.shiftKey) {
        selection.choose(next, 'range');
      } else {
        selection.moveTo(next);
      }
      goal.current = next;
      show(next);
    } else if (event.key === ' ') {
      selection.choose(index, 'toggle');
    } else if (event.key === 'Enter') {
      open(index);
    } else if (event.key === 'Delete') {
      const { id } = snapshots[index];
      // what is chosen, if this is of it
      const chosen = snapshots.filter(one => selection.ids.has(one.id));
      const snapshotIds = selection.ids.has(id)
        ? chosen.map(one => one.id)
        : [id];
      void commands.execute(CommandIDs.deleteSnapshot, { snapshotIds });
    } else if (event.key === 'Escape' && selection.ids.size > 0) {
      selection.clear();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    onKeyDown,
    onFocus: event => {
      const index = rowAt(event.target);
      if (index !== null && index !== selection.active) {
        selection.moveTo(index);
      }
    },
    onClick: event => {
      const index = rowAt(event.target);
      const target = event.target as HTMLElement;
      if (index === null || target.closest('button')) {
        return;
      }
      const isCheck = target.closest('.jp-MLOpsTimeline-check') !== null;
      const how = howChosen(event) ?? (isCheck ? 'toggle' : null);
      if (how) {
        selection.choose(index, how);
      } else {
        open(index);
      }
    }
  };
}
