import * as React from 'react';

import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { useAnyChange } from './live';
import { LineageView } from './LineageView';
import { useOpenNode } from './open';
import { StaleView } from './StaleView';

/**
 * What a thing depends on and what depends on it, or what is newest of all; and what of everything is stale. The node
 * is an id as the server has it: `data:customers.csv`, `version:churn/3`.
 */
export function LineageTab(props: { node: string | null }): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { node } = props;
  const changes = useAnyChange();
  const { data: stale, ...request } = useRequest(
    () => mlops.client.stale(),
    [changes]
  );
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
          title: stale
            ? trans.__('Stale (%1)', stale.items.length)
            : trans.__('Stale'),
          render: () => (
            <StaleView
              request={{ data: stale, ...request }}
              changes={changes}
              onOpen={onOpen}
            />
          )
        }}
      />
    </div>
  );
}
