import { trans } from '../../../__tests__/mlops';
import { arranged, arrangementAfter } from '../arrangement';
import { allColumns, NAME_COLUMN } from '../columns';

const COLUMNS = allColumns(
  { metrics: ['a', 'b', 'c', 'd'], params: [], tags: [] },
  trans
).filter(({ group, id }) => group === 'metrics' || id === NAME_COLUMN);

function titles(order: string[], pinned: string[]): string {
  const ids = (names: string[]) => names.map(name => `metrics.${name}`);
  return arranged(COLUMNS, { order: ids(order), pinned: ids(pinned) })
    .map(({ title }) => title)
    .join(' ');
}

describe('arranged', () => {
  it('leaves columns where they are until they are moved', () => {
    expect(titles([], [])).toBe('Run a b c d');
  });

  it('puts those that nobody arranged behind those that somebody did', () => {
    expect(titles(['d', 'b'], [])).toBe('Run d b a c');
  });

  it('keeps pinned ones beside the name', () => {
    expect(titles(['d', 'b'], ['b', 'c'])).toBe('Run b c d a');
  });
});

describe('arrangementAfter', () => {
  it.each([
    ['moves a column', 4, 2, [], 'Run a d b c', []],
    ['pins what is moved onto the name', 2, 0, [], 'Run b a c d', ['b']],
    [
      'pins what comes among the pinned',
      4,
      1,
      ['a'],
      'Run d a b c',
      ['a', 'd']
    ],
    ['unpins what leaves them', 1, 3, ['a', 'b'], 'Run b c a d', ['b']]
  ])('%s', (_, from, to, names, expected, pinned) => {
    const before = { order: [], pinned: names.map(name => `metrics.${name}`) };
    const after = arrangementAfter(arranged(COLUMNS, before), before, from, to);
    const shown = arranged(COLUMNS, after).map(({ title }) => title);
    expect(shown.join(' ')).toBe(expected);
    expect(after.pinned).toEqual(pinned.map(name => `metrics.${name}`));
  });
});
