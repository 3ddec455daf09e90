import * as React from 'react';

import type { MetricPoint, MetricSeries, Run } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { formatNumber } from '../number';
import { StateView } from '../StateView';
import { Chart } from './Chart';
import type { ICurve, ICurveLook } from './curve';
import { curveOption, stepsWithin } from './curve';
import { useChartTheme } from './theme';

// a chart is seldom wider
const MAX_POINTS = 1_000;

/**
 * One metric of some runs. What is marked with the pointer is read again in full detail.
 */
export function MetricChart(props: {
  metric: string;
  runs: readonly Run[];
  look: ICurveLook;

  /**
   * The name of the run whose curve is looked for.
   */
  highlight: string | null;

  /**
   * Counts up when a run has logged more.
   */
  changes: number;
}): JSX.Element {
  const { trans } = useMLOps();
  const { highlight, look, metric, runs } = props;
  const theme = useChartTheme();
  const [range, setRange] = React.useState<[number, number] | null>(null);
  const whole = useSeries(props, null, null);
  const detail = useSeries(props, range, whole.data);
  const { data, ...request } = range && detail.data ? detail : whole;
  const curves = React.useMemo(() => curvesOf(runs, data ?? []), [runs, data]);
  const option = React.useMemo(
    () => curveOption(curves, look, range, theme),
    [curves, look, range, theme]
  );
  // a range of steps is none of seconds
  React.useEffect(() => setRange(null), [look.axis]);
  return (
    <figure className="jp-MLOpsChart-figure" aria-label={metric}>
      <figcaption>
        <span title={metric}>{metric}</span>
        {range && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-minimal"
            onClick={() => setRange(null)}
          >
            {trans.__('Show all')}
          </button>
        )}
      </figcaption>
      <StateView {...request} isEmpty={data === null}>
        <Chart
          label={trans._n(
            'Chart of %2 in %1 run',
            'Chart of %2 in %1 runs',
            curves.length,
            metric
          )}
          option={option}
          highlight={highlight}
          onZoom={setRange}
        />
        <Summary curves={curves} />
      </StateView>
    </figure>
  );
}

/**
 * The courses of the metric: all of them, or what lies in a range of the whole ones.
 */
function useSeries(
  { changes, look, metric, runs }: React.ComponentProps<typeof MetricChart>,
  range: [number, number] | null,
  whole: readonly MetricSeries[] | null
) {
  const { client } = useMLOps().mlops;
  const runIds = runs
    .filter(run => metric in run.metrics)
    .map(run => run.run_id);
  return useRequest(async (): Promise<MetricSeries[] | null> => {
    if (whole !== null && range === null) {
      return null;
    }
    return Promise.all(
      runIds.map(id => {
        const of = whole?.find(series => series.run_id === id);
        const steps = of && range && stepsWithin(of, look.axis, range);
        return client.metricSeries(id, metric, {
          maxPoints: MAX_POINTS,
          ...steps
        });
      })
    );
  }, [runIds.join(), metric, changes, range]);
}

function curvesOf(
  runs: readonly Run[],
  all: readonly MetricSeries[]
): ICurve[] {
  return runs.flatMap(({ name, run_id: id }, order) => {
    const series = all.find(item => item.run_id === id);
    return series ? [{ name, order, series }] : [];
  });
}

/**
 * The same in words, for those who do not see the chart.
 */
function Summary(props: { curves: readonly ICurve[] }): JSX.Element {
  const { trans } = useMLOps();
  return (
    <table className="jp-MLOpsHidden">
      <thead>
        <tr>
          <th>{trans.__('Run')}</th>
          <th>{trans.__('Points')}</th>
          <th>{trans.__('First')}</th>
          <th>{trans.__('Last')}</th>
          <th>{trans.__('Lowest')}</th>
          <th>{trans.__('Highest')}</th>
        </tr>
      </thead>
      <tbody>
        {props.curves.map(({ name, order, series }) => (
          <tr key={order}>
            <th>{name}</th>
            <td>{series.total}</td>
            {extremes(series.points).map((value, index) => (
              <td key={index}>{formatNumber(value)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function extremes(points: readonly MetricPoint[]): number[] {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  return [
    values[0] ?? NaN,
    values.at(-1) ?? NaN,
    Math.min(...values),
    Math.max(...values)
  ];
}
