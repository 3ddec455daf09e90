import type { Comparison, DataState, Run } from '../../../api/types';

/**
 * A run; it has a snapshot if its id is a capital letter.
 */
export function run(id: string, metrics: object, params: object): Run {
  return {
    run_id: id,
    snapshot_id: /^[A-Z]/.test(id) ? `s${id}` : null,
    name: `run ${id}`,
    status: 'FINISHED',
    grade: 'clean',
    author: 'kim',
    started_at: '2026-11-23T10:00:00.000Z',
    ended_at: '2026-11-23T10:00:05.000Z',
    notebook_path: 'train.ipynb',
    metrics,
    params
  } as unknown as Run;
}

/**
 * What the server would say of runs.
 */
export function comparisonOf(
  runs: readonly Run[],
  more: Partial<Comparison> = {}
): Comparison {
  const rows = (pairsOf: (of: Run) => Record<string, unknown>) =>
    [...new Set(runs.flatMap(of => Object.keys(pairsOf(of))))]
      .sort()
      .map(name => {
        const values = runs.map(of => pairsOf(of)[name] ?? null);
        const told = runs.map(
          of => `${name in pairsOf(of)} ${pairsOf(of)[name]}`
        );
        return { name, values, differs: new Set(told).size > 1, noise: null };
      });
  return {
    items: runs.map(of => ({
      run: of,
      snapshot_id: of.snapshot_id,
      grade: 'clean',
      reasons: [],
      has_environment: true
    })),
    missing: [],
    parameters: rows(of => of.params),
    metrics: rows(of => of.metrics),
    environment: { facts: [], packages: [], same_packages: 0 },
    data: [],
    data_left_out: 0,
    figures: [],
    code: { facts: [], modules: [] },
    ...more
  } as Comparison;
}

export function dataState(
  change: DataState['change'],
  more: Partial<DataState> = {}
): DataState {
  return {
    change,
    digest: 'abcdef0123456789',
    size: 1000,
    count: null,
    rows: null,
    size_delta: null,
    count_delta: null,
    row_delta: null,
    columns: [],
    ...more
  };
}
