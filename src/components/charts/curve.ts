import type { EChartsCoreOption } from 'echarts/core';

import type { MetricPoint, MetricSeries } from '../../api/types';
import { formatNumber, isInfinite } from '../number';
import type { IChartTheme } from './theme';
import { lineStyle } from './theme';

export type CurveAxis = 'step' | 'relative' | 'wall';

/**
 * How curves are shown.
 */
export interface ICurveLook {
  axis: CurveAxis;
  isLog: boolean;

  /**
   * From 0, as logged, to below 1: how much of a point is taken from those before it.
   */
  smoothing: number;
}

/**
 * A metric's course in one run. `order` is the run's place among those compared, which gives it its colour.
 */
export interface ICurve {
  name: string;
  order: number;
  series: MetricSeries;
}

type Coordinates = [number, number | null][];

const FAINT = 0.25;

/**
 * What to draw for the courses of one metric.
 *
 * @param range - of the horizontal axis, or `null` for all of it.
 */
export function curveOption(
  curves: readonly ICurve[],
  look: ICurveLook,
  range: [number, number] | null,
  theme: IChartTheme
): EChartsCoreOption {
  const axis = {
    axisLine: { lineStyle: { color: theme.line } },
    axisLabel: { color: theme.faint },
    splitLine: { lineStyle: { color: theme.line, opacity: 0.5 } }
  };
  return {
    animation: false,
    grid: { left: 8, right: 16, top: 12, bottom: 8, containLabel: true },
    tooltip: {
      trigger: 'axis',
      order: 'valueDesc',
      confine: true,
      // of many curves there are more lines than have room
      enterable: true,
      extraCssText: 'max-height: 220px; overflow: hidden auto;',
      backgroundColor: theme.background,
      borderColor: theme.line,
      textStyle: { color: theme.text },
      valueFormatter: (value: unknown) =>
        typeof value === 'number' ? formatNumber(value) : '–'
    },
    // out of sight: it is there for the marking of a range
    toolbox: { top: -100, feature: { dataZoom: { yAxisIndex: 'none' } } },
    xAxis: {
      ...axis,
      type: look.axis === 'wall' ? 'time' : 'value',
      min: range?.[0] ?? 'dataMin',
      max: range?.[1] ?? 'dataMax'
    },
    yAxis: { ...axis, type: look.isLog ? 'log' : 'value', scale: true },
    series: curves.flatMap(curve => lines(curve, look))
  };
}

/**
 * The part of the steps that a range of the horizontal axis stands for, with the points at both sides of it.
 */
export function stepsWithin(
  series: MetricSeries,
  axis: CurveAxis,
  [from, to]: [number, number]
): { startStep: number; endStep: number } | null {
  const { points } = series;
  const at = positions(points, axis);
  const first = Math.max(at.findIndex(value => value >= from) - 1, 0);
  const after = at.findIndex(value => value > to);
  const last = after < 0 ? points.length - 1 : after;
  return points.length === 0
    ? null
    : { startStep: points[first].step, endStep: points[last].step };
}

/**
 * An exponential moving average whose beginning is not drawn towards zero. Gaps stay gaps.
 */
export function smoothed(
  values: readonly (number | null)[],
  weight: number
): (number | null)[] {
  let last = 0;
  let share = 0;
  return values.map(value => {
    if (value === null) {
      return null;
    }
    last = last * weight + (1 - weight) * value;
    share = share * weight + (1 - weight);
    return last / share;
  });
}

function lines(curve: ICurve, look: ICurveLook): object[] {
  const { name, order, series } = curve;
  const style = lineStyle(order);
  const at = positions(series.points, look.axis);
  const values = series.points.map(({ value }) =>
    // what has no height is a gap
    value !== null && (isInfinite(value) || (look.isLog && value <= 0))
      ? null
      : value
  );
  const join = (heights: readonly (number | null)[]): Coordinates =>
    heights.map((height, index) => [at[index], height]);
  const line = {
    type: 'line',
    name,
    // a single point has no line to show it
    showSymbol: values.length === 1,
    symbolSize: 6,
    itemStyle: { color: style.color },
    emphasis: { focus: 'series' },
    blur: { lineStyle: { opacity: FAINT } }
  };
  if (look.smoothing === 0) {
    return [
      { ...line, data: join(values), lineStyle: { ...style, width: 1.5 } }
    ];
  }
  return [
    {
      ...line,
      data: join(values),
      silent: true,
      tooltip: { show: false },
      lineStyle: { ...style, width: 1, opacity: FAINT }
    },
    {
      ...line,
      data: join(smoothed(values, look.smoothing)),
      lineStyle: { ...style, width: 1.5 }
    }
  ];
}

/**
 * Where the points stand on the horizontal axis: steps, seconds since the first point, or milliseconds of the clock.
 */
function positions(points: readonly MetricPoint[], axis: CurveAxis): number[] {
  if (axis === 'step') {
    return points.map(({ step }) => step);
  }
  const times = points.map(({ timestamp }) => new Date(timestamp).getTime());
  const start = Math.min(...times.slice(0, 1));
  return axis === 'wall' ? times : times.map(time => (time - start) / 1000);
}
