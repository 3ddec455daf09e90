import '@xyflow/react/dist/base.css';

import { Controls, ReactFlow } from '@xyflow/react';
import * as React from 'react';

import type { Lineage, LineageNode } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import type { Camera } from './camera';
import { FARTHEST } from './camera';
import { Card, CardsContext } from './Card';
import { FIT, toFlow } from './flow';
import { neighbour } from './layout';
import { Missed } from './Missed';
import type { Places } from './places';
import { useCamera } from './useCamera';
import type { ICardFocus } from './useCardFocus';
import type { IFolding } from './useFolding';
import type { IGroups } from './useGroups';
import { useRelated } from './useRelated';

const NODE_TYPES = { card: Card };
interface ICanvasProps {
  lineage: Lineage;
  places: Places;
  camera: Camera;
  focus: ICardFocus;

  /**
   * The nodes after which others come, and those that a search has found.
   */
  foldable: ReadonlySet<string>;
  found: ReadonlySet<string>;
  folding: IFolding;

  /**
   * What cards stand for, of the graph that is laid out.
   */
  groups: ReadonlyMap<string, LineageNode[]>;
  onOpenGroup: IGroups['open'];
  onOpen: (node: LineageNode) => void;
}

/**
 * The cards. They are one stop of the Tab key, in which arrows follow the edges, Enter opens, - and + fold and unfold.
 */
export function Canvas(props: ICanvasProps): JSX.Element {
  const { trans } = useMLOps();
  const { camera, focus, folding, lineage, places } = props;
  const box = React.useRef<HTMLDivElement>(null);
  const [current = null] = [
    focus.id,
    lineage.start,
    lineage.nodes[0]?.id
  ].filter(id => places.has(id ?? ''));
  const seen = useCamera(camera, box, places, lineage.start, current);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (current === null || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.key === '-' || event.key === '+') {
      event.preventDefault();
      camera.hold();
      folding.fold(current, event.key === '-' && props.foldable.has(current));
      return;
    }
    const next = neighbour(lineage, places, current, event.key);
    if (next !== null) {
      event.preventDefault();
      focus.move(next);
    }
  };
  const cards = useCards(props, current);
  const whole = React.useMemo(
    () => toFlow(lineage, places, props.groups),
    [lineage, places]
  );
  const { flow, hovering, isPointing, point } = useRelated(lineage, whole);
  return (
    <CardsContext.Provider value={cards}>
      <div
        ref={box}
        className={`jp-MLOpsLineage-graph${isPointing ? ' jp-mod-pointing' : ''}`}
        role="group"
        aria-label={trans.__('Lineage graph')}
        onKeyDown={onKeyDown}
        onFocus={event => point(cardOf(event.target))}
        onBlur={() => point(null)}
      >
        <ReactFlow
          {...flow}
          {...hovering}
          nodeTypes={NODE_TYPES}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          onlyRenderVisibleElements
          minZoom={FARTHEST}
          maxZoom={2}
          ariaLabelConfig={{
            'controls.ariaLabel': trans.__('View'),
            'controls.zoomIn.ariaLabel': trans.__('Zoom in'),
            'controls.zoomOut.ariaLabel': trans.__('Zoom out'),
            'controls.fitView.ariaLabel': trans.__('Show all of it')
          }}
          onInit={instance => {
            camera.flow = instance;
            camera.aim(seen.size());
          }}
          onMoveStart={event => {
            // what is moved from here comes without one
            if (event !== null) {
              camera.hold();
            }
          }}
          onMoveEnd={seen.look}
        >
          <Controls
            className="jp-MLOpsLineage-controls"
            showInteractive={false}
            fitViewOptions={FIT}
            onZoomIn={() => camera.hold()}
            onZoomOut={() => camera.hold()}
            onFitView={() => {
              camera.follow('all');
              camera.aim(seen.size());
              seen.look();
            }}
          />
        </ReactFlow>
        <Missed
          count={seen.missed.length}
          onShow={() => camera.lookAt(seen.missed, seen.size())}
        />
      </div>
    </CardsContext.Provider>
  );
}

function cardOf(element: HTMLElement): string | null {
  return element.dataset.lineage ?? element.dataset.group ?? null;
}

function useCards(
  props: ICanvasProps,
  focused: string | null
): React.ContextType<typeof CardsContext> {
  const { camera, focus, foldable, folding, found, onOpen, onOpenGroup } =
    props;
  const { start } = props.lineage;
  return React.useMemo(
    () => ({
      start,
      focused,
      isDue: focus.isDue,
      found,
      foldable,
      folded: folding.folded,
      onFocus: ({ id }: LineageNode) => {
        camera.hold();
        focus.set(id);
      },
      onFold: (id: string) => {
        camera.hold();
        focus.set(id);
        folding.fold(id);
      },
      onOpenGroup: (nodes: readonly LineageNode[]) => {
        camera.hold();
        // it becomes the card of the first of them, which so keeps its place
        focus.set(nodes[0].id);
        onOpenGroup(nodes);
      },
      onOpen
    }),
    [start, focus, focused, found, foldable, folding, onOpen, onOpenGroup]
  );
}
