import * as React from 'react';

import type { IChartProps } from './Canvas';

const Canvas = React.lazy(() => import('./Canvas'));

/**
 * A chart that is loaded when the first one is drawn, in a place of the same size.
 */
export function Chart(props: IChartProps): JSX.Element {
  return (
    <React.Suspense fallback={<div className="jp-MLOpsChart" />}>
      <Canvas {...props} />
    </React.Suspense>
  );
}
