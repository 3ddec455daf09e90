import { trans } from '../../../__tests__/mlops';
import type { Comparison } from '../../../api/types';
import type { NamedBy } from '../naming';
import { firstWayToName, named, remarkOf, waysToName } from '../naming';
import { comparisonOf, run } from './comparison';

/**
 * A comparison of as many runs of one notebook as there are depths.
 */
function sweep(depths: readonly number[]): Comparison {
  return comparisonOf(
    depths.map((depth, at) => ({
      ...run(`${at}bcdefgh`, {}, { depth: `${depth}` }),
      name: 'train.ipynb'
    }))
  );
}

function names(comparison: Comparison, by: NamedBy): string[] {
  return named(comparison, by, trans).map(({ name }) => name);
}

describe('the names of the runs', () => {
  it('tell those apart that have the same', () => {
    const comparison = comparisonOf([
      run('a', {}, {}),
      { ...run('bcdefghi', {}, {}), name: 'train.ipynb' },
      { ...run('xyz', {}, {}), name: 'train.ipynb' },
      { ...run('present-1', {}, {}), name: 'train.ipynb' }
    ]);
    comparison.items[3].present = true;
    expect(names(comparison, 'id')).toEqual([
      'run a',
      'train.ipynb bcdefg',
      'train.ipynb xyz',
      'train.ipynb now'
    ]);
  });

  it('tell the snapshots of one run apart, of which it has the newest', () => {
    const newest = { ...run('A', {}, {}), name: 'train.ipynb' };
    const comparison = comparisonOf([newest, newest]);
    comparison.items[0].snapshot_id = 'sB';
    expect(
      named(comparison, 'id', trans).map(({ name, run_id: id }) => [name, id])
    ).toEqual([
      ['train.ipynb sB', 'sB'],
      ['train.ipynb A', 'A']
    ]);
  });

  it('are a parameter, with the id where it is the same', () => {
    const comparison = sweep([4, 5, 4]);
    expect(names(comparison, '=depth')).toEqual([
      'depth 4 0bcdef',
      'depth 5',
      'depth 4 2bcdef'
    ]);
    expect(names(comparison, '=gone')[1]).toBe('gone – 1bcdef');
  });

  it('are notes where there are some, with the notebook where there are several', () => {
    const comparison = sweep([4, 5, 6]);
    comparison.items[0].note = '  deeper trees\nand more';
    comparison.items[1].note = 'x'.repeat(70);
    expect(names(comparison, 'note')).toEqual([
      'deeper trees',
      `${'x'.repeat(60)}…`,
      'train.ipynb'
    ]);
    comparison.items[2].run = { ...comparison.items[2].run, name: 'b.ipynb' };
    expect(names(comparison, 'note')[0]).toBe('train.ipynb · deeper trees');
    expect(remarkOf(comparison.items[2], 'note')).toBeNull();
  });
});

describe('what runs are named by', () => {
  it('is first their notes, else the one parameter that was varied', () => {
    const comparison = sweep([4, 5, 6]);
    expect(firstWayToName(comparison)).toBe('=depth');
    comparison.items[1].note = 'good';
    expect(firstWayToName(comparison)).toBe('note');
    expect(waysToName(comparison)).toEqual(['id', 'note', '=depth']);
  });

  it('is the id where the sentence tells it, or too much was varied', () => {
    expect(firstWayToName(sweep([4, 5]))).toBe('id');
    expect(firstWayToName(sweep([4, 4, 4]))).toBe('id');
    const comparison = sweep([4, 5, 6]);
    comparison.parameters.push({
      name: 'rate',
      values: ['1', '2', '3'],
      differs: true
    });
    expect(firstWayToName(comparison)).toBe('id');
  });
});
