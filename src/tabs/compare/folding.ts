import type { CellPair } from '../../api/types';

/**
 * A cell, or a run of unchanged ones that is folded.
 */
export type CellRow =
  | { id: string; pair: CellPair; folded: null }
  | { id: string; pair: null; folded: readonly CellPair[] };

// unchanged cells that stay in sight at both sides of a change
const CONTEXT = 1;

// fewer are not worth a fold
const LEAST_FOLDED = 3;

/**
 * The cells as rows, unchanged ones folded but for those folds that were opened.
 */
export function foldedRows(
  pairs: readonly CellPair[],
  unfolded: ReadonlySet<string>
): CellRow[] {
  const rows: CellRow[] = [];
  let start = 0;
  while (start < pairs.length) {
    let end = start;
    while (end < pairs.length && pairs[end].changes.length === 0) {
      end += 1;
    }
    const from = start === 0 ? 0 : Math.min(start + CONTEXT, end);
    const to = end === pairs.length ? end : Math.max(end - CONTEXT, from);
    const folded = pairs.slice(from, to);
    const id = `fold-${from}`;
    if (folded.length >= LEAST_FOLDED && !unfolded.has(id)) {
      rows.push(
        ...pairs.slice(start, from).map(rowOf),
        { id, pair: null, folded },
        ...pairs.slice(to, end).map(rowOf)
      );
    } else {
      rows.push(...pairs.slice(start, end).map(rowOf));
    }
    if (end < pairs.length) {
      rows.push(rowOf(pairs[end]));
    }
    start = end + 1;
  }
  return rows;
}

/**
 * A pair's name among those of two notebooks.
 */
export function rowId({ base, other }: CellPair): string {
  return `${base ?? 'none'}-${other ?? 'none'}`;
}

function rowOf(pair: CellPair): CellRow {
  return { id: rowId(pair), pair, folded: null };
}
