import type { NodeProps } from '@xyflow/react';
import { Handle, Position } from '@xyflow/react';
import * as React from 'react';

import type { LineageNode } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { CardButton } from './CardButton';
import type { CardNode } from './flow';
import { groupFace } from './groupFace';
import { nodeFace } from './nodeFace';

/**
 * Which card has the focus, and what cards do.
 */
export interface ICards {
  start: string | null;
  focused: string | null;

  /**
   * Tells a card that is drawn whether it is to take the focus.
   */
  isDue: (id: string) => boolean;
  found: ReadonlySet<string>;
  folded: ReadonlySet<string>;

  /**
   * The cards after which others come.
   */
  foldable: ReadonlySet<string>;
  onFocus: (node: LineageNode) => void;
  onFold: (id: string) => void;
  onOpen: (node: LineageNode) => void;
  onOpenGroup: (nodes: readonly LineageNode[]) => void;
}

export const CardsContext = React.createContext<ICards | null>(null);

/**
 * A thing of the graph, or things that are alike, with the button that folds away what comes after it.
 */
export const Card = React.memo(function Card({
  data
}: NodeProps<CardNode>): JSX.Element {
  const { trans } = useMLOps();
  const cards = React.useContext(CardsContext) as ICards;
  const ref = React.useRef<HTMLButtonElement>(null);
  const { group, node } = data;
  const { id } = node;
  React.useEffect(() => {
    if (cards.isDue(id)) {
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
      <CardButton
        ref={ref}
        face={group ? groupFace(group, trans) : nodeFace(node, trans)}
        isStart={id === cards.start}
        isFound={cards.found.has(id)}
        tabIndex={id === cards.focused ? 0 : -1}
        onOpen={() => (group ? cards.onOpenGroup(group) : cards.onOpen(node))}
        onFocus={() => cards.onFocus(node)}
      />
      {cards.foldable.has(id) && (
        <Fold
          isFolded={cards.folded.has(id)}
          onClick={() => cards.onFold(id)}
        />
      )}
      <Handle
        className="jp-MLOpsLineage-handle"
        type="source"
        position={Position.Right}
        isConnectable={false}
      />
    </>
  );
});

/**
 * For the mouse; the keys + and - on the card do the same.
 */
function Fold(props: { isFolded: boolean; onClick: () => void }): JSX.Element {
  const { trans } = useMLOps();
  const { isFolded, onClick } = props;
  const name = isFolded
    ? trans.__('Show what comes after it (+)')
    : trans.__('Hide what comes after it (-)');
  return (
    <button
      type="button"
      className="jp-MLOpsCard-fold nodrag nopan"
      tabIndex={-1}
      aria-expanded={!isFolded}
      aria-label={name}
      title={name}
      onClick={onClick}
    >
      {isFolded ? '+' : '−'}
    </button>
  );
}
