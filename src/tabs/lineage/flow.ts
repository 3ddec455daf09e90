import type { Edge, Node, ReactFlowInstance } from '@xyflow/react';
import { Position } from '@xyflow/react';

import type { Lineage, LineageNode } from '../../api/types';
import { HEIGHT, WIDTH } from './layout';
import type { IPlace, Places } from './places';
import { edgeId } from './related';

export type CardNode = Node<
  {
    node: LineageNode;

    /**
     * What the card stands for, where that is more than one thing.
     */
    group?: LineageNode[];
  },
  'card'
>;
export type Flow = ReactFlowInstance<CardNode>;

export const FIT = { padding: 0.05, maxZoom: 1 };

export interface IFlow {
  nodes: CardNode[];
  edges: Edge[];
}

/**
 * The graph as React Flow takes it.
 */
export function toFlow(
  lineage: Lineage,
  places: Places,
  groups: ReadonlyMap<string, LineageNode[]>
): IFlow {
  const nodes = lineage.nodes
    .filter(({ id }) => places.has(id))
    .map((node): CardNode => {
      const position = places.get(node.id) as IPlace;
      const size = { width: WIDTH, height: HEIGHT };
      return {
        id: node.id,
        type: 'card',
        position,
        // what cannot be dragged or selected would not be clicked either
        style: { pointerEvents: 'all' },
        ...size,
        measured: size,
        handles: [
          { type: 'target', position: Position.Left, x: 0, y: HEIGHT / 2 },
          { type: 'source', position: Position.Right, x: WIDTH, y: HEIGHT / 2 }
        ],
        data: { node, group: groups.get(node.id) }
      };
    });
  const stale = new Set(
    lineage.nodes.filter(node => node.state === 'stale').map(node => node.id)
  );
  const edges = lineage.edges.map(edge => ({
    id: edgeId(edge),
    source: edge.source,
    target: edge.target,
    className:
      stale.has(edge.source) && stale.has(edge.target)
        ? 'jp-MLOpsLineage-edge jp-mod-stale'
        : `jp-MLOpsLineage-edge jp-mod-${edge.kind}`
  }));
  return { nodes, edges };
}
