import * as dagre from '@dagrejs/dagre';

import type { Lineage } from '../../api/types';
import { placeCoarsely } from './coarse';
import type { IOrder, IPlace, Places } from './places';

export const WIDTH = 184;
export const HEIGHT = 54;
const BETWEEN_CARDS = 16;
const BETWEEN_COLUMNS = 44;

// dagre takes a second for 500 cards, and ten for 2,000
const MANY = 400;

/**
 * Where each node goes, in their order: what comes first to the left, few edges that cross.
 */
export function place(order: IOrder): IPlace[] {
  const { edges, nodes } = order;
  if (nodes.length > MANY) {
    return placeCoarsely(
      order,
      WIDTH + BETWEEN_COLUMNS,
      HEIGHT + BETWEEN_CARDS
    );
  }
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({
    rankdir: 'LR',
    nodesep: BETWEEN_CARDS,
    ranksep: BETWEEN_COLUMNS
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of nodes) {
    graph.setNode(id, { width: WIDTH, height: HEIGHT });
  }
  for (const [source, target] of edges) {
    graph.setEdge(source, target);
  }
  dagre.layout(graph);
  return nodes.map(id => {
    const { x, y } = graph.node(id);
    return { x: x - WIDTH / 2, y: y - HEIGHT / 2 };
  });
}

/**
 * The node that an arrow key leads to: left and right along an edge, up and down among those at the same distance.
 */
export function neighbour(
  { edges }: Lineage,
  places: Places,
  from: string,
  key: string
): string | null {
  const here = places.get(from);
  if (!here) {
    return null;
  }
  const nearest = (ids: string[]) =>
    ids
      .filter(id => places.has(id))
      .sort((left, right) => distance(left) - distance(right))[0] ?? null;
  const distance = (id: string) => {
    const place = places.get(id) as IPlace;
    return Math.abs(place.y - here.y) + Math.abs(place.x - here.x) / WIDTH;
  };
  const column = (isWanted: (place: IPlace) => boolean) =>
    [...places]
      .filter(([, place]) => Math.abs(place.x - here.x) < 1 && isWanted(place))
      .map(([id]) => id);
  switch (key) {
    case 'ArrowRight':
      return nearest(
        edges.filter(edge => edge.source === from).map(edge => edge.target)
      );
    case 'ArrowLeft':
      return nearest(
        edges.filter(edge => edge.target === from).map(edge => edge.source)
      );
    case 'ArrowDown':
      return nearest(column(place => place.y > here.y));
    case 'ArrowUp':
      return nearest(column(place => place.y < here.y));
    default:
      return null;
  }
}
