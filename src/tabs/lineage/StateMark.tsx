import * as React from 'react';

import type { LineageNode } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { describeState, stateName } from './words';

/**
 * That a thing is stale, or that this is not known, as a shape, a word and a colour, with the reason on hover.
 */
export function StateMark(props: { node: LineageNode }): JSX.Element | null {
  const { trans } = useMLOps();
  const { node } = props;
  if (node.state === 'current') {
    return null;
  }
  return (
    <span
      className={`jp-MLOpsDot jp-mod-${node.state}`}
      title={describeState(node, trans)}
    >
      <span aria-hidden="true">{node.state === 'stale' ? '▲' : '○'}</span>
      <span className="jp-MLOpsDot-label">{stateName(node.state, trans)}</span>
    </span>
  );
}
