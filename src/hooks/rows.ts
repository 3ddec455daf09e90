import type * as React from 'react';

/**
 * Where a key leads in a list, or `null` if it leads nowhere. Without a `page`, a number of rows, pages are not turned.
 */
export function destination(
  key: string,
  current: number,
  length: number,
  page = 0
): number | null {
  const last = length - 1;
  if (last < 0) {
    return null;
  }
  const to = (index: number) => Math.min(Math.max(index, 0), last);
  switch (key) {
    case 'ArrowDown':
      return to(current + 1);
    case 'ArrowUp':
      return to(current - 1);
    case 'PageDown':
      return page > 0 ? to(current + page) : null;
    case 'PageUp':
      return page > 0 ? to(current - page) : null;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/**
 * What a click does to the choice of rows, by the keys that are held; `null` if none is.
 */
export function howChosen(event: React.MouseEvent): 'range' | 'toggle' | null {
  if (event.shiftKey) {
    return 'range';
  }
  return isControl(event) ? 'toggle' : null;
}

/**
 * Control, or what stands for it on a Mac.
 */
export function isControl(
  event: React.KeyboardEvent | React.MouseEvent
): boolean {
  return event.ctrlKey || event.metaKey;
}

/**
 * The index of the row that holds the target of an event, by its `data-index`.
 */
export function rowAt(target: EventTarget): number | null {
  const row = (target as HTMLElement).closest<HTMLElement>('[data-index]');
  return row ? Number(row.dataset.index) : null;
}
