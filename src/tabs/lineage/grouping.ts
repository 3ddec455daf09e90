import type { Lineage, LineageNode } from '../../api/types';
import { grouped } from './walks';

// as many snapshots are followed of one notebook at first
const FEW = 5;

export interface IGrouped {
  lineage: Lineage;

  /**
   * What one card stands for, by its id, which is that of the oldest of them: it stays as others come.
   */
  groups: ReadonlyMap<string, LineageNode[]>;
}

/**
 * The graph with one card for what is alike: things of one kind and state with the same neighbours, such as the parts of
 * a data set or the runs of a notebook that all write the same file. The start stays, and so does what was opened.
 */
export function groupLike(
  lineage: Lineage,
  opened: ReadonlySet<string>
): IGrouped {
  const groups = new Map(
    [...alike(lineage, opened).values()]
      .filter(({ length }) => length > FEW)
      .map(nodes =>
        nodes.sort((one, other) => (age(one) < age(other) ? -1 : 1))
      )
      .map(nodes => [nodes[0].id, nodes])
  );
  if (groups.size === 0) {
    return { lineage, groups };
  }
  const cards = new Map(
    [...groups].flatMap(([id, nodes]) => nodes.map(node => [node.id, id]))
  );
  const card = (id: string) => cards.get(id) ?? id;
  const edges = new Map(
    lineage.edges.map(edge => {
      const [source, target] = [card(edge.source), card(edge.target)];
      return [`${source} ${target}`, { ...edge, source, target }];
    })
  );
  const nodes = lineage.nodes.filter(({ id }) => card(id) === id);
  return { lineage: { ...lineage, nodes, edges: [...edges.values()] }, groups };
}

function age({ created_at: created, id }: LineageNode): string {
  return `${created ?? ''} ${id}`;
}

/**
 * What names have in common, with `…` for where they differ: `part-…csv`. Empty where nothing tells them from others.
 */
export function pattern(names: readonly string[]): string {
  const [first] = names;
  const prefix = common(names, (name, at) => name[at]);
  const rest = names.map(name => name.slice(prefix));
  const suffix = common(rest, (name, at) => name[name.length - 1 - at]);
  if (prefix + suffix === 0) {
    return '';
  }
  return `${first.slice(0, prefix)}…${first.slice(first.length - suffix)}`;
}

function common(
  names: readonly string[],
  letter: (name: string, at: number) => string | undefined
): number {
  const [first] = names;
  let at = 0;
  while (
    at < first.length &&
    names.every(name => letter(name, at) === letter(first, at))
  ) {
    at++;
  }
  return at;
}

function alike(
  { edges, nodes, start }: Lineage,
  opened: ReadonlySet<string>
): Map<string, LineageNode[]> {
  const neighbours = grouped(
    edges.flatMap(({ kind, source, target }): [string, string][] => [
      [source, `${kind} to ${target}`],
      [target, `${kind} from ${source}`]
    ])
  );
  const isLoose = ({ id }: LineageNode) => id !== start && !opened.has(id);
  return grouped(
    nodes.filter(isLoose).map((node): [string, LineageNode] => {
      const { id, kind, state, status } = node;
      const around = neighbours.get(id) ?? [`nothing, ${id}`];
      return [[kind, state, status, ...around.sort()].join('\n'), node];
    })
  );
}
