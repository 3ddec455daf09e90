import * as React from 'react';

/**
 * What is chosen in a long list, by id, so that it stays chosen when others come above it.
 */
export interface ISelection {
  ids: ReadonlySet<string>;

  /**
   * The item that the keyboard is at, or -1.
   */
  active: number;

  /**
   * Go to an item and choose it alone, add or drop it, or choose all from where the last choice began.
   */
  choose: (index: number, how: 'only' | 'toggle' | 'range') => void;
  moveTo: (index: number) => void;
  all: () => void;
  clear: () => void;
}

export function useSelection(ids: readonly string[]): ISelection {
  const [chosen, setChosen] = React.useState<ReadonlySet<string>>(new Set());
  const [activeId, setActiveId] = React.useState<string | null>(null);
  const anchor = React.useRef<string | null>(null);
  const active = activeId === null ? -1 : ids.indexOf(activeId);

  const choose: ISelection['choose'] = (index, how) => {
    const id = ids[index];
    setActiveId(id);
    if (how === 'range') {
      anchor.current ??= id;
      const from = Math.max(ids.indexOf(anchor.current), 0);
      const [start, end] = from < index ? [from, index] : [index, from];
      setChosen(new Set(ids.slice(start, end + 1)));
      return;
    }
    anchor.current = id;
    setChosen(how === 'only' ? new Set([id]) : toggled(chosen, id));
  };
  return {
    ids: chosen,
    active,
    choose,
    moveTo: index => setActiveId(ids[index] ?? null),
    all: () => setChosen(new Set(ids)),
    clear: () => setChosen(new Set())
  };
}

function toggled(ids: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(ids);
  if (!next.delete(id)) {
    next.add(id);
  }
  return next;
}
