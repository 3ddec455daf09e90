import type { NodeMouseHandler } from '@xyflow/react';
import * as React from 'react';

import type { Lineage } from '../../api/types';
import type { CardNode, IFlow } from './flow';
import type { IRelated } from './related';
import { relatedTo } from './related';

const MARK = 'jp-mod-related';

/**
 * Marks what belongs to the card under the pointer, or to the one that has the focus.
 */
export function useRelated(
  lineage: Lineage,
  flow: IFlow
): {
  flow: IFlow;

  /**
   * The same functions each time, or all cards would be drawn again.
   */
  hovering: {
    onNodeMouseEnter: NodeMouseHandler<CardNode>;
    onNodeMouseLeave: NodeMouseHandler<CardNode>;
  };
  isPointing: boolean;
  point: (id: string | null) => void;
} {
  const [pointed, point] = React.useState<string | null>(null);
  const related = React.useMemo(
    () => (pointed === null ? null : relatedTo(lineage, pointed)),
    [lineage, pointed]
  );
  const marked = React.useMemo(
    () => (related === null ? flow : mark(flow, related)),
    [flow, related]
  );
  const [hovering] = React.useState({
    onNodeMouseEnter: ({ buttons }: React.MouseEvent, { id }: CardNode) => {
      // cards that pass below while the graph is dragged are not meant
      if (buttons === 0) {
        point(id);
      }
    },
    onNodeMouseLeave: () => point(null)
  });
  return { flow: marked, hovering, isPointing: related !== null, point };
}

/**
 * All else stays the same object, so that only what is marked is drawn again.
 */
function mark({ edges, nodes }: IFlow, related: IRelated): IFlow {
  return {
    nodes: nodes.map(node =>
      related.nodes.has(node.id) ? { ...node, className: MARK } : node
    ),
    edges: edges.map(edge =>
      related.edges.has(edge.id)
        ? { ...edge, className: `${edge.className ?? ''} ${MARK}` }
        : edge
    )
  };
}
