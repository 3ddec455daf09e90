import * as React from 'react';

import type { LineageNode, StaleList } from '../api/types';
import { useCollection } from './collection';
import { useMLOps } from './context';
import type { IRequest } from './request';

/**
 * What of the things in lists is stale.
 */
export interface IStale {
  /**
   * What a run's results stand for: its notebook, where they are its newest, or the version that was made of them.
   */
  run: (runId: string) => LineageNode | null;

  /**
   * The newest stale version of a model, of those that matter now.
   */
  model: (name: string) => LineageNode | null;
  version: (name: string, version: number) => LineageNode | null;
  deployment: (name: string) => LineageNode | null;
}

/**
 * Tells what is stale, from one request for all lists that are seen.
 */
export function useStale(): IStale {
  const { data } = useStaleList();
  return React.useMemo(() => lookUp(data?.items ?? []), [data]);
}

/**
 * The list of what is stale, and of what cannot be told; another one only where it says something else.
 */
export function useStaleList(): IRequest<StaleList> {
  const stale = useCollection(useMLOps().mlops.stale);
  return {
    phase: stale.phase,
    data: stale.items[0] ?? null,
    error: stale.error,
    retry: () => void stale.refresh()
  };
}

function lookUp(items: readonly LineageNode[]): IStale {
  const byKey = new Map<string, LineageNode>();
  const add = (key: string, node: LineageNode) => {
    byKey.set(key, byKey.get(key) ?? node);
  };
  // notebooks come before versions
  for (const node of items) {
    if (node.run_id !== null) {
      add(`run ${node.run_id}`, node);
    }
    add(node.id, node);
  }
  const versions = items.filter(({ kind }) => kind === 'version');
  for (const node of [...versions].sort(
    (one, other) => (other.version ?? 0) - (one.version ?? 0)
  )) {
    add(`model ${node.name}`, node);
  }
  const find = (key: string) => byKey.get(key) ?? null;
  return {
    run: runId => find(`run ${runId}`),
    model: name => find(`model ${name}`),
    version: (name, version) => find(`version:${name}/${version}`),
    deployment: name => find(`deployment:${name}`)
  };
}
