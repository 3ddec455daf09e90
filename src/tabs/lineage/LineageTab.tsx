import * as React from 'react';

import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { useMLOps } from '../../hooks/context';
import { useStaleList } from '../../hooks/stale';
import { useAnyChange } from './live';
import { LineageView } from './LineageView';
import { useOpenNode } from './open';
import { StaleView } from './StaleView';

/**
 * What a thing depends on and what depends on it, or what is newest of all; and what of everything is stale. The node
 * is an id as the server has it: `data:customers.csv`, `version:churn/3`.
 */
export function LineageTab(props: { node: string | null }): JSX.Element {
  const { trans } = useMLOps();
  const { node } = props;
  const changes = useAnyChange();
  const stale = useStaleList();
  const onOpen = useOpenNode();
  const title = node === null ? null : node.slice(node.indexOf(':') + 1);
  return (
    <div className="jp-MLOpsLineage">
      <h2>
        {title === null ? (
          trans.__('Lineage')
        ) : (
          <>
            {trans.__('Lineage of')} <MiddleEllipsis text={title} />
          </>
        )}
      </h2>
      <LineageView
        node={node}
        changes={changes}
        more={{
          id: 'stale',
          title: stale.data
            ? trans.__('Stale (%1)', stale.data.items.length)
            : trans.__('Stale'),
          render: () => (
            <StaleView request={stale} changes={changes} onOpen={onOpen} />
          )
        }}
      />
    </div>
  );
}
