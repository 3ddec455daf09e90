import * as React from 'react';

export interface IFolding {
  folded: ReadonlySet<string>;

  /**
   * Folds a node, or unfolds it; or leaves it where it already is as wanted.
   */
  fold: (id: string, isWanted?: boolean) => void;
  unfold: () => void;
}

/**
 * Which nodes of a graph are folded.
 */
export function useFolding(): IFolding {
  const [folded, setFolded] = React.useState<ReadonlySet<string>>(new Set());
  return React.useMemo(
    () => ({
      folded,
      fold: (id, isWanted = !folded.has(id)) => {
        if (folded.has(id) !== isWanted) {
          const others = [...folded].filter(other => other !== id);
          setFolded(new Set(isWanted ? [...others, id] : others));
        }
      },
      unfold: () => setFolded(new Set())
    }),
    [folded]
  );
}
