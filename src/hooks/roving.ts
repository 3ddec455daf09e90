import * as React from 'react';

import { destination, howChosen, isControl } from './rows';

/**
 * Makes a list one stop of the Tab key, in which arrows, Home and End move and Enter opens.
 */
export interface IRovingList {
  listProps: {
    ref: React.RefObject<HTMLUListElement>;
    onKeyDown: (event: React.KeyboardEvent) => void;
  };
  rowProps: (index: number) => {
    tabIndex: number;
    onFocus: () => void;
    onClick: (event: React.MouseEvent) => void;
  };
}

/**
 * A row was chosen besides others, or all rows from the last choice up to it.
 */
type Choose = (index: number, how: 'toggle' | 'range') => void;

/**
 * The rows must be the `li` children of the list, in order. With `onChoose`, Ctrl and Space choose one, Shift several.
 */
export function useRovingList(
  length: number,
  onOpen: (index: number) => void,
  onChoose?: Choose
): IRovingList {
  const ref = React.useRef<HTMLUListElement>(null);
  const [focused, setFocused] = React.useState(0);
  const current = Math.min(focused, Math.max(0, length - 1));

  React.useLayoutEffect(() => {
    // a row keeps the focus when others come above it
    const rows = Array.from(ref.current?.children ?? []);
    const index = rows.findIndex(row => row === document.activeElement);
    if (index >= 0) {
      setFocused(index);
    }
  });

  const onKeyDown = (event: React.KeyboardEvent) => {
    const isRow = (event.target as HTMLElement).parentElement === ref.current;
    if (!isRow || event.altKey || isControl(event)) {
      return;
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      onOpen(current);
      return;
    }
    if (event.key === ' ' && onChoose) {
      event.preventDefault();
      onChoose(current, 'toggle');
      return;
    }
    const next = destination(event.key, current, length);
    if (next !== null) {
      event.preventDefault();
      if (event.shiftKey && onChoose) {
        onChoose(current, 'range');
        onChoose(next, 'range');
      }
      setFocused(next);
      (ref.current?.children[next] as HTMLElement | undefined)?.focus();
    }
  };

  return {
    listProps: { ref, onKeyDown },
    rowProps: index => ({
      tabIndex: index === current ? 0 : -1,
      onFocus: () => setFocused(index),
      onClick: event => {
        const how = howChosen(event);
        if (onChoose && how) {
          onChoose(index, how);
        } else {
          onOpen(index);
        }
      }
    })
  };
}
