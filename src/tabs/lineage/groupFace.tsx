import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { LineageNode } from '../../api/types';
import { RelativeTime } from '../../components/RelativeTime';
import { useMLOps } from '../../hooks/context';
import type { IFace } from './CardButton';
import { pattern } from './grouping';
import { kindName, nodeName, stateName } from './words';

const NAMED = 12;

/**
 * What the card of things that are alike shows; it gives each its own card.
 */
export function groupFace(
  nodes: readonly LineageNode[],
  trans: TranslationBundle
): IFace {
  const [first] = nodes;
  const names = nodes.map(nodeName);
  const count = `${nodes.length} × ${kindName(first.kind, trans)}`;
  const common = first.kind === 'snapshot' ? '' : pattern(names);
  return {
    mark: 'jp-mod-group',
    data: { 'data-group': first.id },
    words: [
      count,
      common,
      stateName(first.state, trans),
      trans.__('show each')
    ],
    title: [
      trans.__('Show each'),
      ...names.slice(0, NAMED),
      ...(names.length > NAMED ? ['…'] : [])
    ],
    name: count,
    facts: (
      <span className="jp-MLOpsCard-facts">
        {first.kind === 'snapshot' ? <Since nodes={nodes} /> : common}
      </span>
    ),
    // what has changed is told by each of them
    state: { ...first, changes: [], unchecked: [] }
  };
}

function Since(props: { nodes: readonly LineageNode[] }): JSX.Element | null {
  const { trans } = useMLOps();
  const times = props.nodes.flatMap(node => node.created_at ?? []).sort();
  const [first] = props.nodes;
  return (
    <>
      {first.status !== 'FINISHED' && (
        <span className="jp-MLOpsCard-failed">
          {`✕ ${trans.__('failed')}`}{' '}
        </span>
      )}
      {times.length > 0 && (
        <>
          {trans.__('newest:')}{' '}
          <RelativeTime value={times[times.length - 1]} style="narrow" />
        </>
      )}
    </>
  );
}
