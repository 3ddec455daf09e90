import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { LineageNode } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { Row } from './LineageList';
import { grouped } from './walks';
import type { NodeKind } from './words';

// more of one kind are folded away, so that those of the others are in sight
const FEW = 12;

/**
 * The notebooks, versions and deployments that depend on something that changed: how many of each, and which.
 */
export function Dependents(props: {
  nodes: readonly LineageNode[];
  onOpen: (node: LineageNode) => void;
}): JSX.Element {
  const { nodes, onOpen } = props;
  const kinds = grouped(nodes.map(node => [node.kind, node]));
  return (
    <>
      {[...kinds].map(([kind, found]) => (
        <OfKind
          key={kind}
          kind={kind as NodeKind}
          nodes={found}
          onOpen={onOpen}
        />
      ))}
    </>
  );
}

function OfKind(props: {
  kind: NodeKind;
  nodes: readonly LineageNode[];
  onOpen: (node: LineageNode) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { kind, nodes, onOpen } = props;
  const [isOpen, setOpen] = React.useState(nodes.length <= FEW);
  return (
    <details
      className="jp-MLOpsStale-kind"
      open={isOpen}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>{countOf(kind, nodes.length, trans)}</summary>
      {/* of hundreds of changes each may have thousands */}
      {isOpen && (
        <ul className="jp-MLOpsLineage-branch">
          {nodes.map(node => (
            <li key={node.id}>
              <Row node={node} onOpen={onOpen}>
                <Through node={node} />
              </Row>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

/**
 * By which notebooks a change reaches something that does not read it itself.
 */
function Through(props: { node: LineageNode }): JSX.Element {
  const { trans } = useMLOps();
  const makers = props.node.changes
    .filter(({ kind }) => kind === 'upstream')
    .map(({ path }) => path);
  return (
    <span className="jp-MLOpsStale-why">
      {makers.length > 0 && trans.__('through %1', makers.join(', '))}
    </span>
  );
}

function countOf(
  kind: NodeKind,
  count: number,
  trans: TranslationBundle
): string {
  switch (kind) {
    case 'version':
      return trans._n(
        '%1 model version depends on it',
        '%1 model versions depend on it',
        count
      );
    case 'deployment':
      return trans._n(
        '%1 deployment depends on it',
        '%1 deployments depend on it',
        count
      );
    default:
      return trans._n(
        '%1 notebook depends on it',
        '%1 notebooks depend on it',
        count
      );
  }
}
