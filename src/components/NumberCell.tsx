import * as React from 'react';

import { formatApart } from './number';

/**
 * A number in four significant digits, in full on hover; in more digits where it would look like another one from which
 * it differs.
 */
export function NumberCell(props: {
  value: number | null;
  apartFrom?: number | null;
}): JSX.Element {
  const { apartFrom = null, value } = props;
  return (
    <span className="jp-MLOpsNumber" title={String(value ?? NaN)}>
      {formatApart(value, apartFrom)}
    </span>
  );
}
