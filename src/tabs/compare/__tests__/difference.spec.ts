import { trans } from '../../../__tests__/mlops';
import { dataDelta, formatDelta } from '../difference';
import { dataState } from './comparison';

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
