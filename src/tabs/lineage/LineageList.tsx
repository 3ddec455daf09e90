import * as React from 'react';

import type { Lineage, LineageNode } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { Facts } from './Facts';
import { rootsOf } from './shown';
import { StateMark } from './StateMark';
import { predecessors, successors } from './walks';
import { kindIcon, nodeData, nodeName } from './words';

/**
 * The same as the graph in words: what the start depends on and what depends on it, as lists in lists. What was listed
 * before is listed again without what follows it.
 */
export function LineageList(props: {
  lineage: Lineage;
  onOpen: (node: LineageNode) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { lineage, onOpen } = props;
  const { nodes, start } = lineage;
  const byId = new Map(nodes.map(node => [node.id, node]));
  const up = predecessors(lineage);
  const down = successors(lineage);
  const tree = (
    title: string,
    ids: string[],
    next: ReadonlyMap<string, string[]>
  ) =>
    ids.length > 0 && (
      <section aria-label={title}>
        <h3>{title}</h3>
        <Branch
          ids={ids}
          next={next}
          byId={byId}
          shown={new Set(start ? [start] : [])}
          onOpen={onOpen}
        />
      </section>
    );
  if (start === null) {
    return <>{tree(trans.__('Where it starts'), rootsOf(lineage), down)}</>;
  }
  return (
    <div className="jp-MLOpsLineage-list">
      {byId.has(start) && (
        <Row node={byId.get(start) as LineageNode} onOpen={onOpen} />
      )}
      {tree(trans.__('Depends on'), up.get(start) ?? [], up)}
      {tree(trans.__('Is used by'), down.get(start) ?? [], down)}
    </div>
  );
}

function Branch(props: {
  ids: string[];
  next: ReadonlyMap<string, string[]>;
  byId: Map<string, LineageNode>;
  shown: Set<string>;
  onOpen: (node: LineageNode) => void;
}): JSX.Element {
  const { byId, ids, next, onOpen, shown } = props;
  return (
    <ul className="jp-MLOpsLineage-branch">
      {ids.map(id => {
        const isNew = !shown.has(id);
        shown.add(id);
        const more = next.get(id) ?? [];
        return (
          <li key={id}>
            <Row node={byId.get(id) as LineageNode} onOpen={onOpen} />
            {isNew && more.length > 0 && <Branch {...props} ids={more} />}
          </li>
        );
      })}
    </ul>
  );
}

/**
 * A thing with a button that opens it, and with its state unless something else is told.
 */
export function Row(props: {
  node: LineageNode;
  onOpen: (node: LineageNode) => void;
  children?: React.ReactNode;
}): JSX.Element {
  const { children, node, onOpen } = props;
  const Icon = kindIcon(node);
  return (
    <span className="jp-MLOpsLineage-row">
      <Icon.react tag="span" className="jp-MLOpsCard-icon" />
      <button
        type="button"
        className="jp-MLOpsLineage-link"
        {...nodeData(node)}
        title={node.name}
        onClick={() => onOpen(node)}
      >
        {nodeName(node)}
      </button>
      <Facts node={node} />
      {children ?? <StateMark node={node} />}
    </span>
  );
}
