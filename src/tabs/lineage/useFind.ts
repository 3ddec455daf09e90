import * as React from 'react';

import type { IGrouped } from './grouping';
import { found } from './shown';

export interface IFind {
  text: string;
  onText: (text: string) => void;
  ids: ReadonlySet<string>;
  count: number;

  /**
   * Which of them was shown last; -1 before the first.
   */
  at: number;
  onStep: (step: 1 | -1) => void;
}

/**
 * Finds things in a graph by their names, and shows one after the other.
 */
export function useFind(
  { groups, lineage }: IGrouped,
  show: (id: string) => void
): IFind {
  const [text, setText] = React.useState('');
  const [at, setAt] = React.useState(-1);
  const matches = React.useMemo(
    () => found(lineage, text, groups).map(({ id }) => id),
    [lineage, text]
  );
  const ids = React.useMemo(() => new Set(matches), [matches]);
  const { length: count } = matches;
  return {
    text,
    onText: (wanted: string) => {
      setText(wanted);
      setAt(-1);
    },
    ids,
    count,
    at: Math.min(at, count - 1),
    onStep: step => {
      if (count > 0) {
        const next =
          at < 0 && step < 0 ? count - 1 : (at + step + count) % count;
        setAt(next);
        show(matches[next]);
      }
    }
  };
}
