import '@xyflow/react/dist/base.css';

import { Controls, ReactFlow } from '@xyflow/react';
import * as React from 'react';

import type { Lineage, LineageNode } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { Card, CardsContext } from './Card';
import type { Flow } from './flow';
import { begin, FIT, show, toFlow } from './flow';
import type { IPlace, Places } from './layout';
import { neighbour } from './layout';
import type { IFolding } from './useFolding';

const NODE_TYPES = { card: Card };
interface ICanvasProps {
  lineage: Lineage;
  places: Places;
  flow: React.MutableRefObject<Flow | null>;

  /**
   * The nodes after which others come, and those that a search has found.
   */
  foldable: ReadonlySet<string>;
  found: ReadonlySet<string>;
  folding: IFolding;
  onOpen: (node: LineageNode) => void;
}

/**
 * The cards. They are one stop of the Tab key, in which arrows follow the edges, Enter opens, - and + fold and unfold.
 */
export function Canvas(props: ICanvasProps): JSX.Element {
  const { trans } = useMLOps();
  const { flow, folding, lineage, places } = props;
  const wanted = React.useRef<string | null>(null);
  const [focused, setFocused] = React.useState<string | null>(null);
  const [current = null] = [
    focused,
    lineage.start,
    lineage.nodes[0]?.id
  ].filter(id => places.has(id ?? ''));
  useAnchor(flow, places, current);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (current === null || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.key === '-' || event.key === '+') {
      event.preventDefault();
      folding.fold(current, event.key === '-' && props.foldable.has(current));
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
  const cards = useCards(props, current, setFocused, wanted);
  const { edges, nodes } = React.useMemo(
    () => toFlow(lineage, places),
    [lineage, places]
  );
  return (
    <CardsContext.Provider value={cards}>
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
    </CardsContext.Provider>
  );
}

/**
 * Keeps a card where it is on the screen when the others find new places.
 */
function useAnchor(
  flow: React.MutableRefObject<Flow | null>,
  places: Places,
  id: string | null
): void {
  const before = React.useRef(places);
  React.useLayoutEffect(() => {
    const old = before.current.get(id ?? '');
    const now = places.get(id ?? '');
    before.current = places;
    if (flow.current && old && now) {
      const { x, y, zoom } = flow.current.getViewport();
      void flow.current.setViewport({
        x: x + zoom * (old.x - now.x),
        y: y + zoom * (old.y - now.y),
        zoom
      });
    }
  }, [places]);
}

function useCards(
  { foldable, folding, found, lineage, onOpen }: ICanvasProps,
  focused: string | null,
  setFocused: (id: string) => void,
  wanted: React.MutableRefObject<string | null>
): React.ContextType<typeof CardsContext> {
  const { start } = lineage;
  return React.useMemo(
    () => ({
      start,
      focused,
      wanted,
      found,
      foldable,
      folded: folding.folded,
      onFocus: ({ id }: LineageNode) => setFocused(id),
      onFold: (id: string) => {
        setFocused(id);
        folding.fold(id);
      },
      onOpen
    }),
    [start, focused, found, foldable, folding, onOpen]
  );
}
