import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Run } from '../../api/types';
import { useChangeCount } from '../../hooks/changes';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { StateView } from '../StateView';
import type { CurveAxis, ICurveLook } from './curve';
import { Legend } from './Legend';
import { MetricChart } from './MetricChart';

const MOST_AT_ONCE = 6;
const MOST_SMOOTHING = 0.99;
const FIRST_LOOK: ICurveLook = { axis: 'step', isLog: false, smoothing: 0 };

/**
 * How the metrics of runs went: a chart for each metric that was logged more than once.
 */
export function Curves(props: { runs: readonly Run[] }): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { runs } = props;
  const runIds = runs.map(run => run.run_id);
  const changes = useChangeCount('tracking', ...runIds);
  const { data, ...request } = useRequest(
    () => mlops.client.runCurves(runIds),
    [runIds.join(), changes]
  );
  const [look, setLook] = React.useState(FIRST_LOOK);
  const [most, setMost] = React.useState(MOST_AT_ONCE);
  const [highlight, setHighlight] = React.useState<string | null>(null);
  const keys = data?.keys ?? [];
  return (
    <StateView
      {...request}
      isEmpty={keys.length === 0}
      empty={trans.__(
        'No metric was logged more than once. Log one with a step: mlflow.log_metric("loss", loss, step=epoch)'
      )}
    >
      <Look look={look} onChange={setLook} />
      <Legend runs={runs} onHighlight={setHighlight} />
      <div className="jp-MLOpsCharts">
        {keys.slice(0, most).map(key => (
          <MetricChart
            key={key}
            metric={key}
            runs={runs}
            look={look}
            highlight={highlight}
            changes={changes}
          />
        ))}
      </div>
      {keys.length > most && (
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-minimal jp-MLOpsMore"
          onClick={() => setMost(most + MOST_AT_ONCE)}
        >
          {trans.__('Show %1 more', Math.min(keys.length - most, MOST_AT_ONCE))}
        </button>
      )}
    </StateView>
  );
}

function Look(props: {
  look: ICurveLook;
  onChange: (look: ICurveLook) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { look, onChange } = props;
  return (
    <div
      className="jp-MLOpsChart-tools"
      role="toolbar"
      aria-label={trans.__('Curves')}
    >
      <label>
        {trans.__('Horizontal axis')}{' '}
        <HTMLSelect
          value={look.axis}
          onChange={event =>
            onChange({ ...look, axis: event.target.value as CurveAxis })
          }
        >
          <option value="step">{trans.__('Step')}</option>
          <option value="relative">{trans.__('Seconds since start')}</option>
          <option value="wall">{trans.__('Time')}</option>
        </HTMLSelect>
      </label>
      <label>
        {trans.__('Smoothing')}{' '}
        <input
          type="range"
          min={0}
          max={MOST_SMOOTHING}
          step={0.01}
          value={look.smoothing}
          onChange={event =>
            onChange({ ...look, smoothing: Number(event.target.value) })
          }
        />{' '}
        <output>{look.smoothing.toFixed(2)}</output>
      </label>
      <label>
        <input
          type="checkbox"
          checked={look.isLog}
          onChange={event => onChange({ ...look, isLog: event.target.checked })}
        />{' '}
        {trans.__('Logarithmic')}
      </label>
    </div>
  );
}
