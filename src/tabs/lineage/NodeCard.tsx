import * as React from 'react';

import type { LineageNode } from '../../api/types';
import { GradeDot } from '../../components/GradeDot';
import { RelativeTime } from '../../components/RelativeTime';
import { useMLOps } from '../../hooks/context';
import { StateMark } from './StateMark';
import {
  describeState,
  kindIcon,
  kindName,
  nodeData,
  nodeName,
  stateName
} from './words';

/**
 * A thing of the graph, as a button that opens it.
 */
export const NodeCard = React.forwardRef<
  HTMLButtonElement,
  {
    node: LineageNode;
    isStart: boolean;
    isFound: boolean;
    tabIndex: number;
    onOpen: (node: LineageNode) => void;
    onFocus: (node: LineageNode) => void;
  }
>((props, ref) => {
  const { trans } = useMLOps();
  const { isFound, isStart, node, onFocus, onOpen, tabIndex } = props;
  const Icon = kindIcon(node);
  const why = describeState(node, trans);
  const words = [
    kindName(node.kind, trans),
    nodeName(node),
    stateName(node.state, trans),
    why
  ];
  return (
    <button
      ref={ref}
      type="button"
      className={`jp-MLOpsCard nodrag nopan jp-mod-${node.state}${isFound ? ' jp-mod-found' : ''}`}
      aria-label={words.filter(word => word).join(', ')}
      aria-current={isStart ? 'true' : undefined}
      {...nodeData(node)}
      tabIndex={tabIndex}
      title={[node.name, why].filter(word => word).join('\n')}
      onClick={() => onOpen(node)}
      onFocus={() => onFocus(node)}
    >
      <span className="jp-MLOpsCard-line">
        <Icon.react tag="span" className="jp-MLOpsCard-icon" />
        <span className="jp-MLOpsCard-name">{nodeName(node)}</span>
      </span>
      <span className="jp-MLOpsCard-line jp-mod-second">
        <Facts node={node} />
        <StateMark node={node} />
      </span>
    </button>
  );
});
NodeCard.displayName = 'NodeCard';

/**
 * What is told of a thing beside its name and its state.
 */
export function Facts(props: { node: LineageNode }): JSX.Element {
  const { trans } = useMLOps();
  const { node } = props;
  const { contents, kind } = node;
  return (
    <span className="jp-MLOpsCard-facts">
      {kind === 'snapshot' && node.grade && <GradeDot grade={node.grade} />}{' '}
      {kind === 'snapshot' && node.status !== 'FINISHED' ? (
        <span className="jp-MLOpsCard-failed">{`✕ ${trans.__('failed')}`}</span>
      ) : (
        kindName(kind, trans)
      )}
      {contents !== null && contents > 1 && (
        <> · {trans._n('%1 version', '%1 versions', contents)}</>
      )}
      {kind === 'snapshot' && node.created_at && (
        <>
          {' · '}
          <RelativeTime value={node.created_at} style="narrow" />
        </>
      )}
      {kind === 'deployment' && node.desired === 'stopped' && (
        <> · {trans.__('stopped')}</>
      )}
      {node.hidden && (
        <span title={trans.__('Not all that belongs to it is shown')}>
          {' '}
          · …
        </span>
      )}
    </span>
  );
}
