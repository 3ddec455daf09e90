import '@xyflow/react/dist/base.css';

import type { Edge, Node, NodeProps, ReactFlowInstance } from '@xyflow/react';
import { Controls, Handle, Position, ReactFlow } from '@xyflow/react';
import * as React from 'react';

import type { Lineage, LineageNode } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { HEIGHT, type IPlace, layOut, neighbour, WIDTH } from './layout';
import { NodeCard } from './NodeCard';

type CardNode = Node<{ node: LineageNode }, 'card'>;

const NODE_TYPES = { card: Card };
const FIT = { padding: 0.05, maxZoom: 1 };

// below it names cannot be read
const READABLE = 0.75;
const MARGIN = 24;

/**
 * Which card has the focus, and what cards do.
 */
interface IFocus {
  start: string | null;
  focused: string | null;

  /**
   * The card that is to take the focus when it is drawn.
   */
  wanted: React.MutableRefObject<string | null>;
  onFocus: (node: LineageNode) => void;
  onOpen: (node: LineageNode) => void;
}

const FocusContext = React.createContext<IFocus | null>(null);

/**
 * The graph, to be moved and zoomed. It is one stop of the Tab key, in which arrows follow the edges and Enter opens.
 */
export default function Graph(props: {
  lineage: Lineage;
  onOpen: (node: LineageNode) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { lineage, onOpen } = props;
  const flow = React.useRef<ReactFlowInstance<CardNode> | null>(null);
  const places = React.useMemo(() => layOut(lineage), [shapeOf(lineage)]);
  const [focused, setFocused] = React.useState<string | null>(null);
  const wanted = React.useRef<string | null>(null);
  const first = lineage.start ?? lineage.nodes[0]?.id ?? null;
  const current = focused !== null && places.has(focused) ? focused : first;

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (current === null || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const next = neighbour(lineage, places, current, event.key);
    if (next !== null) {
      event.preventDefault();
      wanted.current = next;
      setFocused(next);
      if (flow.current) {
        show(flow.current, places.get(next) as IPlace);
      }
    }
  };
  const focus = React.useMemo(
    () => ({
      start: lineage.start,
      focused: current,
      wanted,
      onFocus: ({ id }: LineageNode) => setFocused(id),
      onOpen
    }),
    [lineage.start, current, onOpen]
  );
  const { edges, nodes } = React.useMemo(
    () => toFlow(lineage, places),
    [lineage, places]
  );
  return (
    <FocusContext.Provider value={focus}>
      <div
        className="jp-MLOpsLineage-graph"
        role="group"
        aria-label={trans.__('Lineage graph')}
        onKeyDown={onKeyDown}
      >
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          onlyRenderVisibleElements
          minZoom={0.05}
          maxZoom={2}
          ariaLabelConfig={{
            'controls.ariaLabel': trans.__('View'),
            'controls.zoomIn.ariaLabel': trans.__('Zoom in'),
            'controls.zoomOut.ariaLabel': trans.__('Zoom out'),
            'controls.fitView.ariaLabel': trans.__('Show all of it')
          }}
          onInit={instance => {
            flow.current = instance;
            const start = places.get(lineage.start ?? '');
            void instance
              .fitView(FIT)
              .then(() => begin(instance, places, start));
          }}
        >
          <Controls
            className="jp-MLOpsLineage-controls"
            showInteractive={false}
            fitViewOptions={FIT}
          />
        </ReactFlow>
      </div>
    </FocusContext.Provider>
  );
}

function Card({ data }: NodeProps<CardNode>): JSX.Element {
  const focus = React.useContext(FocusContext) as IFocus;
  const ref = React.useRef<HTMLButtonElement>(null);
  const { id } = data.node;
  React.useEffect(() => {
    if (focus.wanted.current === id) {
      focus.wanted.current = null;
      ref.current?.focus({ preventScroll: true });
    }
  });
  return (
    <>
      <Handle
        className="jp-MLOpsLineage-handle"
        type="target"
        position={Position.Left}
        isConnectable={false}
      />
      <NodeCard
        ref={ref}
        node={data.node}
        isStart={id === focus.start}
        tabIndex={id === focus.focused ? 0 : -1}
        onOpen={focus.onOpen}
        onFocus={focus.onFocus}
      />
      <Handle
        className="jp-MLOpsLineage-handle"
        type="source"
        position={Position.Right}
        isConnectable={false}
      />
    </>
  );
}

/**
 * What the layout depends on; it stays as it is while only states change.
 */
function shapeOf({ edges, nodes }: Lineage): string {
  const ids = nodes.map(({ id }) => id);
  return [...ids, ...edges.map(edge => `${edge.source}>${edge.target}`)].join(
    '\n'
  );
}

function toFlow(
  lineage: Lineage,
  places: Map<string, IPlace>
): { nodes: CardNode[]; edges: Edge[] } {
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
        data: { node }
      };
    });
  const stale = new Set(
    lineage.nodes.filter(node => node.state === 'stale').map(node => node.id)
  );
  const edges = lineage.edges.map(({ kind, source, target }) => ({
    id: `${source} ${target}`,
    source,
    target,
    className:
      stale.has(source) && stale.has(target)
        ? 'jp-MLOpsLineage-edge jp-mod-stale'
        : `jp-MLOpsLineage-edge jp-mod-${kind}`
  }));
  return { nodes, edges };
}

/**
 * Shows the start, or what is leftmost, where not all can be shown in letters that can be read.
 */
function begin(
  flow: ReactFlowInstance<CardNode>,
  places: Map<string, IPlace>,
  start: IPlace | undefined
): void {
  const { y, zoom } = flow.getViewport();
  if (zoom >= READABLE) {
    return;
  }
  if (start) {
    show(flow, start, READABLE);
    return;
  }
  const [first] = [...places.values()].sort((one, other) => one.x - other.x);
  if (first) {
    // at the same height as before, seen from nearer
    const middle = first.y + HEIGHT / 2;
    const height = y + zoom * middle;
    void flow.setViewport({
      x: MARGIN - READABLE * first.x,
      y: height - READABLE * middle,
      zoom: READABLE
    });
  }
}

/**
 * Moves the graph so that a place is in the middle.
 */
function show(
  flow: ReactFlowInstance<CardNode>,
  { x, y }: IPlace,
  zoom = flow.getZoom()
): void {
  void flow.setCenter(x + WIDTH / 2, y + HEIGHT / 2, { zoom, duration: 150 });
}
