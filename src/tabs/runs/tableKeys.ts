import type * as React from 'react';

import { ROW_HEIGHT, type IRunTableProps } from './table';

type Handlers = Pick<
  React.DOMAttributes<HTMLElement>,
  'onClick' | 'onDoubleClick' | 'onKeyDown'
>;

/**
 * What clicks and keys do in the table: arrows move, Shift and Ctrl choose more, Enter opens.
 */
export function useTableKeys(
  { onOpen, runs, selection }: IRunTableProps,
  ref: React.RefObject<HTMLElement>,
  show: (index: number) => void
): Handlers {
  const onClick = (event: React.MouseEvent) => {
    const index = rowAt(event);
    if (index === null) {
      return;
    }
    const target = event.target as HTMLElement;
    if (
      target.closest('.jp-MLOpsGrid-open') &&
      !event.shiftKey &&
      !isControl(event)
    ) {
      onOpen(runs[index]);
    } else if (event.shiftKey) {
      selection.choose(index, 'range');
    } else if (isControl(event) || target.closest('.jp-MLOpsGrid-check')) {
      selection.choose(index, 'toggle');
    } else {
      selection.choose(index, 'only');
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    // titles are buttons of their own
    if (event.target !== ref.current || event.altKey) {
      return;
    }
    const page = Math.floor((ref.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1;
    const next = destination(event.key, selection.active, runs.length, page);
    const isAll = event.key === 'a' && isControl(event);
    if (next !== null) {
      selection.choose(next, event.shiftKey ? 'range' : 'only');
      show(next);
    } else if (isAll) {
      selection.all();
    } else if (event.key === 'Escape') {
      selection.clear();
    } else if (selection.active >= 0 && event.key === ' ') {
      selection.choose(selection.active, 'toggle');
    } else if (selection.active >= 0 && event.key === 'Enter') {
      onOpen(runs[selection.active]);
    } else {
      return;
    }
    event.preventDefault();
  };
  return {
    onClick,
    onDoubleClick: event => {
      const index = rowAt(event);
      if (
        index !== null &&
        !(event.target as HTMLElement).closest('.jp-MLOpsGrid-check')
      ) {
        onOpen(runs[index]);
      }
    },
    onKeyDown
  };
}

function isControl(event: React.KeyboardEvent | React.MouseEvent): boolean {
  return event.ctrlKey || event.metaKey;
}

function rowAt(event: React.MouseEvent): number | null {
  const row = (event.target as HTMLElement).closest<HTMLElement>(
    '[data-index]'
  );
  return row ? Number(row.dataset.index) : null;
}

function destination(
  key: string,
  current: number,
  length: number,
  page: number
): number | null {
  const last = length - 1;
  if (last < 0) {
    return null;
  }
  switch (key) {
    case 'ArrowDown':
      return Math.min(current + 1, last);
    case 'ArrowUp':
      return Math.max(current - 1, 0);
    case 'PageDown':
      return Math.min(current + page, last);
    case 'PageUp':
      return Math.max(current - page, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
