import { trans } from '../../../__tests__/mlops';
import type { CellPair } from '../../../api/types';
import { describeDifference } from '../sentence';
import { comparisonOf, dataState, run } from './comparison';

const A = run('A', { f1: 0.9 }, { max_depth: '4' });
const B = run('B', { f1: 0.926 }, { max_depth: '5' });

function pair(...changes: CellPair['changes']): CellPair {
  return { changes } as CellPair;
}

describe('describeDifference', () => {
  it('says of two runs what changed, from what to what', () => {
    const comparison = comparisonOf([A, B], {
      data: [
        {
          path: 'data/customers.csv',
          mode: 'read',
          kind: 'file',
          differs: true,
          states: [
            dataState('baseline'),
            dataState('changed', { row_delta: 1204, size_delta: 9000 })
          ]
        }
      ],
      environment: {
        facts: [
          { name: 'language', values: ['R 4', 'R 5'], differs: true },
          { name: 'cpu_model', values: ['a', 'b'], differs: true },
          { name: 'gpus', values: ['a', 'b'], differs: true },
          { name: 'executable', values: ['a', 'b'], differs: true }
        ],
        packages: [
          { name: 'scikit-learn', values: ['1.8', '1.9'], differs: true }
        ],
        same_packages: 40
      },
      code: {
        facts: [{ name: 'seeds', values: ['a', 'b'], differs: true }],
        modules: [
          { path: 'my.py', indexes: [0, 0], digests: ['a', 'b'], differs: true }
        ]
      }
    });
    expect(describeDifference(comparison, null, trans)).toBe(
      'f1 +0.026. Changed: max_depth 4 → 5; data/customers.csv (+1,204 rows); scikit-learn 1.8 → 1.9, R 4 → R 5, the machine; my.py, seeds.'
    );
  });

  it('says what happened to cells and outputs', () => {
    const cells = [
      [
        pair('edited', 'outputs', 'moved'),
        pair('outputs'),
        pair(),
        pair('edited'),
        pair('removed')
      ]
    ];
    expect(describeDifference(comparisonOf([A, B]), cells, trans)).toBe(
      'f1 +0.026, 2 outputs differ. Changed: max_depth 4 → 5; 2 cells edited, 1 moved, 1 removed.'
    );
    expect(describeDifference(comparisonOf([A, A]), cells, trans)).toBe(
      'The metrics are the same, 2 outputs differ. Changed: 2 cells edited, 1 moved, 1 removed.'
    );
    const bare = run('C', {}, {});
    expect(
      describeDifference(
        comparisonOf([bare, bare]),
        [[pair('outputs'), pair('added')]],
        trans
      )
    ).toBe('1 output differs. Changed: 1 cell added.');
    expect(
      describeDifference(comparisonOf([A, A, A]), [...cells, [pair()]], trans)
    ).toBe(
      'The metrics are the same, outputs of 1 run differ. Changed: cells of 1 run.'
    );
  });

  it('says of parameters that were injected no more than they are', () => {
    const injected = { ...pair('edited'), cell_id: 'injected-parameters' };
    for (const runs of [
      [A, B],
      [A, B, B]
    ]) {
      const sentence = describeDifference(
        comparisonOf(runs),
        runs.slice(1).map(() => [injected]),
        trans
      );
      expect(sentence).toMatch(/Changed: max_depth( 4 → 5)?\.$/);
    }
  });

  it('names what differs among many', () => {
    const many = [
      run('a', { f1: 1, m1: 1, m2: 1, m3: 1 }, { p: '1' }),
      run('b', { f1: 2, m1: 2, m2: 2, m3: 2 }, { p: '1' }),
      A
    ];
    expect(describeDifference(comparisonOf(many), [], trans)).toBe(
      'Results differ in f1, m1, m2 and 1 more. Changed: max_depth, p.'
    );
  });

  it.each([
    [null, 'Comparing cells…'],
    [[], 'No change was found in parameters, data and environment.'],
    [
      [[pair()]],
      'No change was found in parameters, data, environment and cells.'
    ]
  ])('says where there is nothing to say: %j', (cells, sentence) => {
    expect(describeDifference(comparisonOf([A, A]), cells, trans)).toBe(
      `The results are the same. ${sentence}`
    );
  });

  it('tells a metric that is no number', () => {
    const nan = run('c', { f1: null }, A.params);
    expect(describeDifference(comparisonOf([A, nan]), [], trans)).toMatch(
      /^f1\. /
    );
  });
});
