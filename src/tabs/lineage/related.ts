import type { Lineage } from '../../api/types';
import { predecessors, successors, walk } from './walks';

/**
 * What a card depends on and what depends on it, itself too, and the edges on the way.
 */
export interface IRelated {
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
}

export function relatedTo(lineage: Lineage, id: string): IRelated {
  const up = walk([id], predecessors(lineage));
  const down = walk([id], successors(lineage));
  const joins = (ids: ReadonlySet<string>, edge: Lineage['edges'][number]) =>
    ids.has(edge.source) && ids.has(edge.target);
  const edges = lineage.edges.filter(
    edge => joins(up, edge) || joins(down, edge)
  );
  return {
    nodes: new Set([...up, ...down]),
    edges: new Set(edges.map(edgeId))
  };
}

export function edgeId(edge: Lineage['edges'][number]): string {
  return `${edge.source} ${edge.target}`;
}
