import type { Lineage, LineageNode } from '../../api/types';
import { predecessors, successors, walk } from './walks';

/**
 * What of a graph is drawn.
 */
export type Choice = 'all' | 'things' | 'stale';

/**
 * The graph without what was not chosen and what was folded away. Folding a node hides what comes after it, unless it
 * is reached otherwise too, or is the start or comes before it.
 */
export function shownOf(
  lineage: Lineage,
  choice: Choice,
  folded: ReadonlySet<string>
): Lineage {
  const chosen = choose(lineage, choice);
  if (![...folded].some(id => chosen.nodes.some(node => node.id === id))) {
    return chosen;
  }
  const reached = walk(
    rootsOf(chosen),
    successors(chosen),
    id => !folded.has(id)
  );
  const before = chosen.start
    ? walk([chosen.start], predecessors(chosen))
    : new Set<string>();
  return keep(chosen, ({ id }) => reached.has(id) || before.has(id));
}

/**
 * The nodes after which something comes.
 */
export function hasAfter({ edges }: Lineage): Set<string> {
  return new Set(edges.map(({ source }) => source));
}

/**
 * The nodes whose names hold the text, and those that stand for a group with such a one.
 */
export function found(
  { nodes }: Lineage,
  text: string,
  groups: ReadonlyMap<string, LineageNode[]> = new Map()
): LineageNode[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') {
    return [];
  }
  const isFound = ({ name, version }: LineageNode) =>
    `${name}${version === null ? '' : ` v${version}`}`
      .toLowerCase()
      .includes(wanted);
  return nodes.filter(node => (groups.get(node.id) ?? [node]).some(isFound));
}

function choose(lineage: Lineage, choice: Choice): Lineage {
  switch (choice) {
    case 'stale':
      return keep(lineage, ({ state }) => state === 'stale');
    case 'things':
      return withoutSnapshots(lineage);
    default:
      return lineage;
  }
}

/**
 * What a snapshot gave comes from its notebook.
 */
function withoutSnapshots(lineage: Lineage): Lineage {
  const notebookOf = new Map(
    lineage.edges
      .filter(({ kind }) => kind === 'runs')
      .map(({ source, target }) => [target, source])
  );
  const isLeft = ({ id, kind }: LineageNode) =>
    kind !== 'snapshot' || !notebookOf.has(id);
  const edges = new Map<string, Lineage['edges'][number]>();
  for (const edge of lineage.edges) {
    const source = notebookOf.get(edge.source) ?? edge.source;
    if (!notebookOf.has(edge.target) && source !== edge.target) {
      edges.set(`${source} ${edge.target}`, { ...edge, source });
    }
  }
  const start =
    lineage.start && (notebookOf.get(lineage.start) ?? lineage.start);
  return {
    ...lineage,
    start,
    nodes: lineage.nodes.filter(isLeft),
    edges: [...edges.values()]
  };
}

function keep(
  lineage: Lineage,
  isKept: (node: LineageNode) => boolean
): Lineage {
  const nodes = lineage.nodes.filter(isKept);
  const ids = new Set(nodes.map(({ id }) => id));
  return {
    ...lineage,
    nodes,
    edges: lineage.edges.filter(
      ({ source, target }) => ids.has(source) && ids.has(target)
    )
  };
}

/**
 * The nodes before which nothing comes, and one of each circle that none of them reaches.
 */
export function rootsOf(lineage: Lineage): string[] {
  const before = predecessors(lineage);
  const ids = lineage.nodes.map(({ id }) => id);
  const roots = ids.filter(id => !before.has(id));
  const after = successors(lineage);
  const reached = walk(roots, after);
  for (const id of ids) {
    if (!reached.has(id)) {
      roots.push(id);
      walk([id], after, undefined, reached);
    }
  }
  return roots;
}
