import * as React from 'react';

import { formatNumber } from './number';

/**
 * A number in four significant digits, in full on hover.
 */
export function NumberCell(props: { value: number | null }): JSX.Element {
  return (
    <span className="jp-MLOpsNumber" title={String(props.value ?? NaN)}>
      {formatNumber(props.value)}
    </span>
  );
}
