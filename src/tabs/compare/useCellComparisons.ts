import * as React from 'react';

import type { CellComparison, ComparedRun } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';

// each is read by itself: of more runs the table tells what differs
const MOST_COLUMNS = 10;

const MOST_KEPT = 20;

export type CompareCells = (
  baseId: string,
  otherId: string
) => Promise<CellComparison>;

export interface ICellComparisons {
  /**
   * Of the baseline with each other column that keeps cells; `null` until they are known.
   */
  all: readonly CellComparison[] | null;

  /**
   * One of them, which is not read again.
   */
  compare: CompareCells;
}

/**
 * Matches the cells of the baseline with those of the other columns, one column after the other.
 */
export function useCellComparisons(
  items: readonly ComparedRun[]
): ICellComparisons {
  const { client } = useMLOps().mlops;
  const kept = React.useRef(new Map<string, Promise<CellComparison>>());
  const compare: CompareCells = React.useCallback((baseId, otherId) => {
    const name = `${baseId} ${otherId}`;
    const known = kept.current.get(name);
    if (known) {
      return known;
    }
    const asked = client.cellComparison(baseId, otherId);
    if (kept.current.size >= MOST_KEPT) {
      kept.current.clear();
    }
    kept.current.set(name, asked);
    asked.catch(() => kept.current.delete(name));
    return asked;
  }, []);
  const [base, ...others] = items.map(({ snapshot_id: id }) => id);
  const ids = others.filter(id => id !== null);
  const { data, phase } = useRequest(async () => {
    const found: CellComparison[] = [];
    if (base && items.length <= MOST_COLUMNS) {
      for (const id of ids) {
        found.push(await compare(base, id!));
      }
    }
    return found;
  }, [base, ids.join()]);
  // where they cannot be read, the view of the cells says why
  const all = phase === 'ready' ? data : phase === 'failed' ? [] : null;
  return { all, compare };
}
