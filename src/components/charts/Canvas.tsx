import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import * as React from 'react';

import { createChart } from './echarts';

export interface IChartProps {
  label: string;
  option: EChartsCoreOption;

  /**
   * What is shown in full while the rest is faint.
   */
  highlight?: string | null;

  /**
   * A range of the horizontal axis was marked with the pointer, or (`null`) a double click asked for all of it.
   */
  onZoom?: (range: [number, number] | null) => void;

  /**
   * Something with a name was clicked.
   */
  onPick?: (name: string) => void;
}

/**
 * Draws a chart that fills its place, again whenever the option is another object.
 *
 * What it shows must also be there as text: a canvas says nothing to a screen reader but its `label`.
 */
export default function Canvas(props: IChartProps): JSX.Element {
  const { highlight = null, label, option } = props;
  const ref = React.useRef<HTMLDivElement>(null);
  const [chart, setChart] = React.useState<EChartsType | null>(null);
  const handlers = React.useRef(props);
  handlers.current = props;

  React.useEffect(() => {
    const instance = createChart(ref.current!);
    const observer = new ResizeObserver(() => instance.resize());
    observer.observe(ref.current!);
    listen(instance, handlers);
    setChart(instance);
    return () => {
      observer.disconnect();
      instance.dispose();
    };
  }, []);
  React.useEffect(() => {
    chart?.setOption(option, { notMerge: true });
    // the pointer marks a range, without a tool to be chosen first
    chart?.dispatchAction({
      type: 'takeGlobalCursor',
      key: 'dataZoomSelect',
      dataZoomSelectActive: props.onZoom !== undefined
    });
  }, [chart, option]);
  React.useEffect(() => {
    if (chart && highlight !== null) {
      const act = (type: string) =>
        chart.dispatchAction({ type, seriesName: highlight });
      // what was under the pointer was shown instead
      const again = () => act('highlight');
      again();
      chart.getZr().on('globalout', again);
      return () => {
        if (!chart.isDisposed()) {
          chart.getZr().off('globalout', again);
          act('downplay');
        }
      };
    }
  }, [chart, option, highlight]);
  return (
    <div ref={ref} className="jp-MLOpsChart" role="img" aria-label={label} />
  );
}

function listen(
  chart: EChartsType,
  handlers: React.MutableRefObject<IChartProps>
): void {
  chart.on('datazoom', event => {
    const [zoom] = (event as { batch?: IZoom[] }).batch ?? [];
    if (zoom?.startValue !== undefined && zoom.endValue !== undefined) {
      handlers.current.onZoom?.([zoom.startValue, zoom.endValue]);
    }
  });
  chart.getZr().on('dblclick', () => handlers.current.onZoom?.(null));
  chart.on('click', ({ name }) => handlers.current.onPick?.(name));
}

interface IZoom {
  startValue?: number;
  endValue?: number;
}
