import type * as React from 'react';

import { destination, howChosen, isControl, rowAt } from '../../hooks/rows';
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
    const index = rowAt(event.target);
    if (index === null) {
      return;
    }
    const target = event.target as HTMLElement;
    const how = howChosen(event);
    if (how === null && target.closest('.jp-MLOpsGrid-open')) {
      onOpen(runs[index]);
    } else {
      const isCheck = target.closest('.jp-MLOpsGrid-check') !== null;
      selection.choose(index, how ?? (isCheck ? 'toggle' : 'only'));
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    // titles are buttons of their own
    if (event.target !== ref.current || event.altKey) {
      return;
    }
    const height = ref.current?.clientHeight ?? 0;
    const page = Math.max(Math.floor(height / ROW_HEIGHT) - 1, 1);
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
      const index = rowAt(event.target);
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
