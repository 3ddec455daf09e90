import type { Lineage, LineageNode } from '../../../api/types';

export function node(
  kind: LineageNode['kind'],
  name: string,
  more: Partial<LineageNode> = {}
): LineageNode {
  return {
    id: `${kind}:${name}`,
    kind,
    name,
    state: 'current',
    changes: [],
    unchecked: [],
    hidden: false,
    created_at: null,
    data_kind: kind === 'data' ? 'file' : null,
    digest: null,
    contents: null,
    whole: null,
    run_id: null,
    grade: null,
    status: null,
    version: null,
    desired: null,
    ...more
  };
}

const CHANGED = { kind: 'data', path: 'data/a.csv', moved_to: null } as const;
export const DATA = node('data', 'data/a.csv', { state: 'stale', contents: 3 });
export const ETL = node('notebook', 'etl.ipynb', {
  state: 'stale',
  changes: [CHANGED]
});
export const OUT = node('data', 'out.csv');
export const TRAIN = node('notebook', 'train.ipynb', {
  state: 'stale',
  changes: [{ kind: 'upstream', path: 'etl.ipynb', moved_to: null }]
});
export const RUN = node('snapshot', 'ab'.repeat(32), {
  run_id: 'r1',
  grade: 'clean',
  status: 'FINISHED'
});
export const LINEAGE: Lineage = {
  start: 'notebook:etl.ipynb',
  cut: true,
  left_out: 0,
  nodes: [DATA, ETL, RUN, OUT, TRAIN],
  edges: [
    { source: DATA.id, target: ETL.id, kind: 'reads' },
    { source: ETL.id, target: RUN.id, kind: 'runs' },
    { source: RUN.id, target: OUT.id, kind: 'writes' },
    { source: OUT.id, target: TRAIN.id, kind: 'reads' }
  ]
};
