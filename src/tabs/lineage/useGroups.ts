import * as React from 'react';

import type { Lineage, LineageNode } from '../../api/types';
import type { IGrouped } from './grouping';
import { groupLike } from './grouping';

export interface IGroups extends IGrouped {
  open: (nodes: readonly LineageNode[]) => void;

  /**
   * Puts together again what was opened; returns the card that then stands for a thing, or for the first of all.
   */
  close: (id: string | null) => string | undefined;

  /**
   * How many things of the graph have a card of their own since their group was opened.
   */
  openedCount: number;
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * The graph with one card for what is alike, and which of these cards were opened.
 */
export function useGroups(lineage: Lineage): IGroups {
  const [opened, setOpened] = React.useState(NOTHING);
  const grouped = React.useMemo(
    () => groupLike(lineage, opened),
    [lineage, opened]
  );
  return React.useMemo(
    () => ({
      ...grouped,
      open: nodes => {
        setOpened(new Set([...opened, ...nodes.map(({ id }) => id)]));
      },
      close: id => {
        setOpened(NOTHING);
        const again = [...groupLike(lineage, NOTHING).groups.values()];
        const holds = (isMeant: (node: LineageNode) => boolean) =>
          again.find(nodes => nodes.some(isMeant));
        const group =
          holds(node => node.id === id) ?? holds(node => opened.has(node.id));
        return group?.[0].id;
      },
      openedCount: lineage.nodes.filter(({ id }) => opened.has(id)).length
    }),
    [grouped, opened]
  );
}
