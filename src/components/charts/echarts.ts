import { LineChart, ParallelChart, ScatterChart } from 'echarts/charts';
import {
  DataZoomComponent,
  GridComponent,
  ParallelComponent,
  ToolboxComponent,
  TooltipComponent,
  VisualMapComponent
} from 'echarts/components';
import type { EChartsType } from 'echarts/core';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

const PARTS = [
  CanvasRenderer,
  DataZoomComponent,
  GridComponent,
  LineChart,
  ParallelChart,
  ParallelComponent,
  ScatterChart,
  ToolboxComponent,
  TooltipComponent,
  VisualMapComponent
];

/**
 * A chart of ECharts, of which only the parts that we need are loaded, with the first chart.
 */
export function createChart(node: HTMLElement): EChartsType {
  // not when the module is loaded: the bundler takes our modules to do nothing then
  use(PARTS);
  return init(node);
}
