import * as React from 'react';

import type { LineageNode, StaleList } from '../../api/types';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import type { IRequest } from '../../hooks/request';
import { Dependents } from './Dependents';
import { Gone } from './Gone';
import { Row } from './LineageList';
import { RerunBar } from './Rerun';
import { describeChange, describeState } from './words';

/**
 * What has changed, each with what depends on it; and what cannot be told.
 */
export function StaleView(props: {
  request: IRequest<StaleList>;
  changes: number;
  onOpen: (node: LineageNode) => void;
}): JSX.Element {
  const { changes, onOpen, request } = props;
  return (
    <StateView {...request} isEmpty={request.data === null}>
      {request.data && (
        <Causes stale={request.data} changes={changes} onOpen={onOpen} />
      )}
    </StateView>
  );
}

function Causes(props: {
  stale: StaleList;
  changes: number;
  onOpen: (node: LineageNode) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { onOpen, stale } = props;
  const { causes, items } = stale;
  const nodes = new Map(items.map(node => [node.id, node]));
  return (
    <div className="jp-MLOpsStale">
      <RerunBar
        changes={props.changes}
        count={items.filter(({ kind }) => kind === 'notebook').length}
      />
      {causes.length === 0 && (
        <p>
          {trans._n(
            'Nothing is stale: what the results of %1 notebook depend on is as it was.',
            'Nothing is stale: what the results of %1 notebooks depend on is as it was.',
            stale.checked
          )}
        </p>
      )}
      <ul className="jp-MLOpsList">
        {causes.map(({ change, items: ids }) => (
          <li key={`${change.kind} ${change.path}`}>
            <h3>
              <span className="jp-MLOpsDot jp-mod-stale" aria-hidden="true">
                ▲
              </span>{' '}
              {describeChange(change, trans)}
            </h3>
            <Dependents
              nodes={ids.flatMap(id => nodes.get(id) ?? [])}
              onOpen={onOpen}
            />
          </li>
        ))}
      </ul>
      <Unknown nodes={stale.unknown} onOpen={onOpen} />
      <Gone paths={stale.gone} />
      {stale.cut && (
        <p>
          {trans.__(
            'Only the %1 newest notebooks were looked at.',
            stale.checked
          )}
        </p>
      )}
    </div>
  );
}

function Unknown(props: {
  nodes: readonly LineageNode[];
  onOpen: (node: LineageNode) => void;
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { nodes, onOpen } = props;
  if (nodes.length === 0) {
    return null;
  }
  return (
    <section aria-label={trans.__('Not known')}>
      <h3>{trans.__('Not known')}</h3>
      <ul className="jp-MLOpsLineage-branch">
        {nodes.map(node => (
          <li key={node.id}>
            <Row node={node} onOpen={onOpen}>
              <span className="jp-MLOpsStale-why">
                {describeState(node, trans)}
              </span>
            </Row>
          </li>
        ))}
      </ul>
    </section>
  );
}
