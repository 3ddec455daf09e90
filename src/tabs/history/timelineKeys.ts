import * as React from 'react';

import type { Snapshot } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { useMLOps } from '../../hooks/context';
import type { ISelection } from '../../hooks/selection';

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
  const open = (index: number) =>
    void commands.execute(CommandIDs.openRun, {
      runId: snapshots[index].run_id
    });
  const onKeyDown = (event: React.KeyboardEvent) => {
    const index = rowAt(event.target);
    const isRow = (event.target as HTMLElement).dataset.index !== undefined;
    if (index === null || !isRow || event.altKey) {
      return;
    }
    const next = destination(event.key, index, snapshots.length);
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
      if (event.shiftKey) {
        selection.choose(index, 'range');
      } else if (
        event.ctrlKey ||
        event.metaKey ||
        target.closest('.jp-MLOpsTimeline-check')
      ) {
        selection.choose(index, 'toggle');
      } else {
        open(index);
      }
    }
  };
}

function rowAt(target: EventTarget): number | null {
  const row = (target as HTMLElement).closest<HTMLElement>('[data-index]');
  return row ? Number(row.dataset.index) : null;
}

function destination(
  key: string,
  current: number,
  length: number
): number | null {
  const last = length - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(current + 1, last);
    case 'ArrowUp':
      return Math.max(current - 1, 0);
    case 'PageDown':
      return Math.min(current + 10, last);
    case 'PageUp':
      return Math.max(current - 10, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
