import * as React from 'react';

import type { MetricRow } from '../../api/types';
import { NumberCell } from '../../components/NumberCell';
import { useMLOps } from '../../hooks/context';
import { formatDelta } from './difference';

/**
 * A metric's value with its distance to the baseline, in figures and as a bar. Where runs that differ in their seeds
 * alone tell the noise, the bar lies over its band.
 */
export function MetricCell(props: {
  row: MetricRow;
  index: number;

  /**
   * A NaN is a value, too; a run that lacks the metric has none.
   */
  isThere: boolean;
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { index, isThere, row } = props;
  const [base] = row.values;
  const value = row.values[index];
  if (!isThere) {
    return null;
  }
  if (index === 0 || base === null || value === null) {
    return <NumberCell value={value} />;
  }
  const delta = value - base;
  const isNoise = row.noise !== null && Math.abs(delta) <= row.noise;
  return (
    <>
      <NumberCell value={value} />
      <span className="jp-MLOpsCompare-delta" title={`${delta}`}>
        {formatDelta(delta)}
      </span>
      {delta !== 0 && <Bar row={row} delta={delta} />}
      {isNoise && (
        <span className="jp-MLOpsCompare-noise">
          {trans.__('within noise')}
        </span>
      )}
    </>
  );
}

/**
 * From the middle to the left or to the right, as long as its share of the row's largest distance.
 */
function Bar(props: { row: MetricRow; delta: number }): JSX.Element {
  const { delta, row } = props;
  const [base] = row.values;
  const distances = row.values.map(value =>
    value === null ? 0 : Math.abs(value - (base ?? 0))
  );
  const scale = Math.max(...distances, row.noise ?? 0);
  // divided first: an infinite distance bears no multiplication
  const half = 50 * (Math.abs(delta) / scale);
  const band = 50 * ((row.noise ?? 0) / scale);
  return (
    <span className="jp-MLOpsCompare-bar" aria-hidden>
      {row.noise !== null && (
        <span
          className="jp-mod-noise"
          style={{ left: `${50 - band}%`, width: `${2 * band}%` }}
        />
      )}
      <span
        className="jp-mod-delta"
        style={{ left: `${delta < 0 ? 50 - half : 50}%`, width: `${half}%` }}
      />
    </span>
  );
}
