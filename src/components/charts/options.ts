import type { EChartsCoreOption } from 'echarts/core';

import type { Run } from '../../api/types';
import { formatNumber } from '../number';
import type { IField } from './field';
import type { IChartTheme } from './theme';
import { lineStyle, SCALE } from './theme';

/**
 * One axis a field, one line a run. Marking a stretch of an axis leaves its runs in colour.
 */
export function parallelOption(
  runs: readonly Run[],
  fields: readonly IField[],
  colour: IField | null,
  theme: IChartTheme
): EChartsCoreOption {
  const dimension = colour === null ? -1 : fields.indexOf(colour);
  return {
    animation: false,
    parallel: {
      left: 48,
      right: dimension < 0 ? 48 : 112,
      top: 40,
      bottom: 24,
      parallelAxisDefault: {
        nameTextStyle: { color: theme.text },
        axisLabel: { color: theme.faint },
        axisLine: { lineStyle: { color: theme.line } },
        nameTruncate: { maxWidth: 120 }
      }
    },
    parallelAxis: fields.map(({ isNumeric, title }, dim) => ({
      dim,
      name: title,
      ...(isNumeric
        ? { type: 'value', scale: true }
        : { type: 'category', data: categories(fields[dim], runs) })
    })),
    visualMap:
      dimension < 0 ? [] : [scale(runs, fields[dimension], dimension, theme)],
    series: [
      {
        type: 'parallel',
        lineStyle: { width: 1.5, opacity: 0.6 },
        inactiveOpacity: 0.05,
        activeOpacity: 1,
        data: runs.map(run => ({
          name: run.name,
          value: fields.map(({ valueOf }) => valueOf(run) ?? '-')
        }))
      }
    ]
  };
}

/**
 * One point a run; a click on it picks the run's id.
 */
export function scatterOption(
  runs: readonly Run[],
  horizontal: IField,
  vertical: IField,
  colour: IField | null,
  theme: IChartTheme
): EChartsCoreOption {
  const axis = (field: IField, nameStyle: object) => ({
    name: field.title,
    nameTextStyle: { color: theme.text, ...nameStyle },
    axisLine: { lineStyle: { color: theme.line } },
    axisLabel: { color: theme.faint },
    splitLine: { lineStyle: { color: theme.line, opacity: 0.5 } },
    ...(field.isNumeric
      ? { type: 'value', scale: true }
      : { type: 'category', data: categories(field, runs) })
  });
  const fields = [horizontal, vertical, ...(colour ? [colour] : [])];
  return {
    animation: false,
    grid: {
      left: 16,
      right: colour ? 112 : 24,
      top: 32,
      bottom: 32,
      containLabel: true
    },
    tooltip: {
      trigger: 'item',
      confine: true,
      backgroundColor: theme.background,
      borderColor: theme.line,
      textStyle: { color: theme.text },
      renderMode: 'richText',
      formatter: ({ dataIndex }: { dataIndex: number }) =>
        describe(runs[dataIndex], fields)
    },
    xAxis: {
      ...axis(horizontal, {}),
      nameLocation: 'middle',
      nameGap: 28
    },
    yAxis: axis(vertical, { align: 'left' }),
    visualMap: colour ? [scale(runs, colour, 2, theme)] : [],
    series: [
      {
        type: 'scatter',
        symbolSize: 9,
        itemStyle: { color: lineStyle(0).color, opacity: 0.8 },
        data: runs.map(run => ({
          name: run.run_id,
          value: fields.map(({ valueOf }) => valueOf(run) ?? '-')
        }))
      }
    ]
  };
}

function describe(run: Run, fields: readonly IField[]): string {
  return [
    run.name,
    ...fields.map(({ title, valueOf }) => `${title}  ${textOf(valueOf(run))}`)
  ].join('\n');
}

function textOf(value: number | string | null): string {
  return typeof value === 'number' ? formatNumber(value) : (value ?? '–');
}

function categories(field: IField, runs: readonly Run[]): string[] {
  const values = runs.map(run => field.valueOf(run));
  return [...new Set(values.filter(value => typeof value === 'string'))].sort();
}

function scale(
  runs: readonly Run[],
  field: IField,
  dimension: number,
  theme: IChartTheme
): object {
  const values = runs
    .map(run => field.valueOf(run))
    .filter(value => typeof value === 'number');
  return {
    dimension,
    min: Math.min(...values),
    max: Math.max(...values),
    right: 0,
    top: 'middle',
    itemHeight: 120,
    precision: 4,
    text: [field.title, ''],
    textStyle: { color: theme.faint },
    inRange: { color: SCALE },
    formatter: formatNumber
  };
}
