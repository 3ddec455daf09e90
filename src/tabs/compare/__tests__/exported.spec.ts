import { trans } from '../../../__tests__/mlops';
import { csvOf } from '../../../components/csv';
import { markdownOf, tableOf } from '../exported';
import type { Choose } from '../sections';
import { comparisonOf, dataState, run } from './comparison';

const different: Choose = rows => rows.filter(({ differs }) => differs);

describe('the table to take elsewhere', () => {
  const comparison = comparisonOf(
    [
      run('A', { f1: 0.123456789, loss: null }, { kind: 'a|b', seed: '1' }),
      run('B', { f1: 0.5 }, { kind: 'x,"y"\nz', seed: '1' })
    ],
    {
      data: [
        {
          path: 'a.csv',
          mode: 'read',
          kind: 'file',
          differs: true,
          states: [
            dataState('baseline'),
            dataState('changed', { row_delta: 2 })
          ]
        }
      ],
      environment: {
        facts: [
          { name: 'memory_bytes', values: ['1000', null], differs: true }
        ],
        packages: [{ name: 'numpy', values: ['1', '2'], differs: true }],
        same_packages: 3
      }
    }
  );
  const table = tableOf(comparison, ['run A', 'run B'], different, trans);

  it('has what is chosen, numbers in full', () => {
    expect(table).toEqual([
      ['', '', 'run A', 'run B'],
      ['Metric', 'f1', 0.123456789, 0.5],
      ['Metric', 'loss', 'NaN', null],
      ['Parameter', 'kind', 'a|b', 'x,"y"\nz'],
      ['Data', 'a.csv', 'abcdef01', 'changed (+2 rows)'],
      ['Environment', 'Memory', '1 kB', null],
      ['Package', 'numpy', '1', '2']
    ]);
  });

  it('is a table in Markdown whatever the values hold', () => {
    expect(markdownOf(table).split('\n').slice(0, 5)).toEqual([
      '|  |  | run A | run B |',
      '| --- | --- | ---: | ---: |',
      '| Metric | f1 | 0.123456789 | 0.5 |',
      '| Metric | loss | NaN |  |',
      '| Parameter | kind | a\\|b | x,"y" z |'
    ]);
  });

  it('is one for spreadsheets', () => {
    expect(csvOf(table).split('\r\n')[3]).toBe(
      'Parameter,kind,a|b,"x,""y""\nz"'
    );
  });
});
