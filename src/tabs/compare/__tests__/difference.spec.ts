import { trans } from '../../../__tests__/mlops';
import { dataDelta, describeDifference, formatDelta } from '../difference';
import { comparisonOf, dataState, run } from './comparison';

const A = run('A', { f1: 0.9 }, { max_depth: '4' });
const B = run('B', { f1: 0.926 }, { max_depth: '5' });

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
        facts: [],
        packages: [
          { name: 'scikit-learn', values: ['1.8', '1.9'], differs: true }
        ],
        same_packages: 40
      }
    });
    expect(describeDifference(comparison, trans)).toBe(
      'f1 +0.026. Changed: max_depth 4 → 5, data/customers.csv (+1,204 rows), scikit-learn 1.8 → 1.9.'
    );
  });

  it('names what differs among many', () => {
    const many = [
      run('a', { f1: 1, m1: 1, m2: 1, m3: 1 }, { p: '1' }),
      run('b', { f1: 2, m1: 2, m2: 2, m3: 2 }, { p: '1' }),
      A
    ];
    expect(describeDifference(comparisonOf(many), trans)).toBe(
      'Results differ in f1, m1, m2 and 1 more. Changed: max_depth, p.'
    );
  });

  it('says where there is nothing to say', () => {
    expect(describeDifference(comparisonOf([A, A]), trans)).toBe(
      'The results are the same. No change was found in parameters, data and packages.'
    );
    const nan = run('c', { f1: null }, A.params);
    expect(describeDifference(comparisonOf([A, nan]), trans)).toMatch(/^f1\. /);
  });
});

describe('formatDelta', () => {
  it('signs numbers', () => {
    expect([0.0261239, -2, 0].map(formatDelta)).toEqual([
      '+0.02612',
      '−2',
      '±0'
    ]);
  });
});

describe('dataDelta', () => {
  it('counts rows rather than files, and files rather than bytes', () => {
    const deltas = [
      { row_delta: -1, count_delta: 2, size_delta: 3 },
      { row_delta: 0, count_delta: 2, size_delta: 3 },
      { size_delta: -25_400 },
      { size_delta: 0 }
    ].map(delta => dataDelta(dataState('changed', delta), trans));
    expect(deltas).toEqual(['−1 row', '+2 files', '−25.4 kB', null]);
  });
});
