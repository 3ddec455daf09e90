import type { MetricSeries, Run } from '../../../api/types';
import type { ICurveLook } from '../curve';
import { curveOption, smoothed, stepsWithin } from '../curve';
import { differing, fieldsOf } from '../field';
import { parallelOption, scatterOption } from '../options';
import { lineStyle } from '../theme';

const THEME = { text: '#111', faint: '#222', line: '#333', background: '#fff' };
const LOOK: ICurveLook = { axis: 'step', isLog: false, smoothing: 0 };

function series(values: (number | null)[]): MetricSeries {
  return {
    run_id: 'r1',
    key: 'loss',
    total: values.length,
    points: values.map((value, index) => ({
      step: 10 * index,
      timestamp: new Date(2_000 * index).toISOString(),
      value
    }))
  };
}

function data(
  values: (number | null)[],
  look: Partial<ICurveLook> = {}
): unknown[] {
  const curve = { name: 'run', order: 0, series: series(values) };
  const option = curveOption([curve], { ...LOOK, ...look }, null, THEME);
  return (option.series as { data: unknown }[]).map(line => line.data);
}

function run(id: string, metrics: object, params: object): Run {
  return { run_id: id, name: id, metrics, params } as unknown as Run;
}

const RUNS = [
  run('a', { f1: 0.9, auc: 1 }, { depth: '4', model: 'rf', seed: '1' }),
  run('b', { f1: 0.8, auc: 1 }, { depth: '5', model: 'gb' })
];

describe('curveOption', () => {
  it('draws over steps, seconds or the clock', () => {
    expect(data([1, null, 3])[0]).toEqual([
      [0, 1],
      [10, null],
      [20, 3]
    ]);
    expect(data([1, 2], { axis: 'relative' })[0]).toEqual([
      [0, 1],
      [2, 2]
    ]);
    expect(data([1, 2], { axis: 'wall' })[0]).toEqual([
      [0, 1],
      [2000, 2]
    ]);
  });

  it('has a gap where a value is infinite, which would flatten all others', () => {
    expect(data([1, Number.MAX_VALUE, -Number.MAX_VALUE, 3])[0]).toEqual([
      [0, 1],
      [10, null],
      [20, null],
      [30, 3]
    ]);
  });

  it('leaves out what a logarithm has no place for', () => {
    expect(data([1, 0, -1], { isLog: true })[0]).toEqual([
      [0, 1],
      [10, null],
      [20, null]
    ]);
  });

  it('draws the smoothed line over the logged one', () => {
    const [raw, smooth] = data([0, 1], { smoothing: 0.5 }) as number[][][];
    expect(raw[1]).toEqual([10, 1]);
    expect(smooth[1][1]).toBeCloseTo(2 / 3);
  });

  it('keeps to a range', () => {
    const option = curveOption([], LOOK, [5, 15], THEME);
    expect(option.xAxis).toMatchObject({ min: 5, max: 15 });
  });
});

it('smooths without a pull to zero, and over gaps', () => {
  expect(
    smoothed([2, 2, null, 2], 0.9).map(value => value?.toFixed(6))
  ).toEqual(['2.000000', '2.000000', undefined, '2.000000']);
});

it('finds the steps of a range, one more at each side', () => {
  const five = series([1, 2, 3, 4, 5]);
  expect(stepsWithin(five, 'step', [15, 25])).toEqual({
    startStep: 10,
    endStep: 30
  });
  expect(stepsWithin(five, 'relative', [3, 5])).toEqual({
    startStep: 10,
    endStep: 30
  });
  expect(stepsWithin(five, 'step', [-5, 100])).toEqual({
    startStep: 0,
    endStep: 40
  });
  expect(stepsWithin(series([]), 'step', [0, 1])).toBeNull();
});

it('gives each of many lines a look of its own', () => {
  const looks = Array.from({ length: 30 }, (_, index) =>
    JSON.stringify(lineStyle(index))
  );
  expect(new Set(looks).size).toBe(30);
});

describe('fields', () => {
  const fields = fieldsOf(RUNS);

  it('are numbers where all values are', () => {
    expect(fields.map(({ id, isNumeric }) => [id, isNumeric])).toEqual([
      ['metrics.auc', true],
      ['metrics.f1', true],
      ['params.depth', true],
      ['params.model', false],
      ['params.seed', true]
    ]);
    expect(fields[2].valueOf(RUNS[0])).toBe(4);
    expect(fields[4].valueOf(RUNS[1])).toBeNull();
  });

  it('differ or not', () => {
    expect(differing(fields, RUNS).map(({ title }) => title)).toEqual([
      'f1',
      'depth',
      'model',
      'seed'
    ]);
  });

  it('become axes', () => {
    const [, f1, depth, model] = fields;
    const option = parallelOption(RUNS, [model, depth, f1], f1, THEME);
    expect(option.parallelAxis).toMatchObject([
      { dim: 0, name: 'model', type: 'category', data: ['gb', 'rf'] },
      { dim: 1, name: 'depth', type: 'value' },
      { dim: 2, name: 'f1', type: 'value' }
    ]);
    expect(option.visualMap).toMatchObject([
      { dimension: 2, min: 0.8, max: 0.9 }
    ]);
    expect(option.series).toMatchObject([
      { data: [{ value: ['rf', 4, 0.9] }, { value: ['gb', 5, 0.8] }] }
    ]);
  });

  it('become points that know their run', () => {
    const [, f1, depth, model, seed] = fields;
    const option = scatterOption(RUNS, model, f1, depth, THEME);
    expect(option.xAxis).toMatchObject({ type: 'category', name: 'model' });
    expect(option.series).toMatchObject([
      {
        data: [
          { name: 'a', value: ['rf', 0.9, 4] },
          { name: 'b', value: ['gb', 0.8, 5] }
        ]
      }
    ]);
    const { tooltip } = scatterOption(RUNS, seed, f1, null, THEME) as {
      tooltip: { formatter: (item: { dataIndex: number }) => string };
    };
    expect(tooltip.formatter({ dataIndex: 1 })).toBe('b\nseed  –\nf1  0.8');
  });
});
