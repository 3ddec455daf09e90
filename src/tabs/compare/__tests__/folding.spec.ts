import type { CellPair } from '../../../api/types';
import { foldedRows } from '../folding';

/**
 * Cells by a letter each: `e` is edited, anything else unchanged.
 */
function pairs(letters: string): CellPair[] {
  return [...letters].map((letter, at) => ({
    base: at,
    other: at,
    cell_id: null,
    cell_type: 'code',
    title: letter,
    changes: letter === 'e' ? ['edited'] : []
  }));
}

function shown(letters: string, unfolded = new Set<string>()): string {
  return foldedRows(pairs(letters), unfolded)
    .map(({ folded, pair }) => pair?.title ?? `(${folded?.length})`)
    .join('');
}

describe('foldedRows', () => {
  it('folds what did not change, but for a cell at both sides of a change', () => {
    expect(shown('1234e5678e9012')).toBe('(3)4e5678e9(3)');
    expect(shown('1234e56789e')).toBe('(3)4e5(3)9e');
  });

  it('folds a notebook in which nothing changed whole', () => {
    expect(shown('12345')).toBe('(5)');
  });

  it('leaves few cells and changes alone', () => {
    expect(
      ['', '12', 'eee', 'e12', '1e2'].map(letters => shown(letters))
    ).toEqual(['', '12', 'eee', 'e12', '1e2']);
  });

  it('unfolds what was asked for', () => {
    expect(shown('1234e1234', new Set(['fold-0']))).toBe('1234e1(3)');
  });

  it('gives each row an id of its own', () => {
    const ids = foldedRows(pairs('1234e12345e1'), new Set()).map(
      ({ id }) => id
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
