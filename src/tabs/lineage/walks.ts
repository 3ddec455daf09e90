import type { Lineage } from '../../api/types';

/**
 * What is reached from `starts`, them too; on from a node only where `isOpen` says so.
 */
export function walk(
  starts: readonly string[],
  next: ReadonlyMap<string, string[]>,
  isOpen: (id: string) => boolean = () => true,
  reached = new Set<string>()
): Set<string> {
  const waiting = [...starts];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (!reached.has(id)) {
      reached.add(id);
      waiting.push(...(isOpen(id) ? (next.get(id) ?? []) : []));
    }
  }
  return reached;
}

export function successors({ edges }: Lineage): Map<string, string[]> {
  return grouped(edges.map(({ source, target }) => [source, target]));
}

export function predecessors({ edges }: Lineage): Map<string, string[]> {
  return grouped(edges.map(({ source, target }) => [target, source]));
}

export function grouped<T>(pairs: readonly [string, T][]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group) {
      group.push(value);
    } else {
      groups.set(key, [value]);
    }
  }
  return groups;
}
