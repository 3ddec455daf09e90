import * as React from 'react';

import { useMLOps } from '../../hooks/context';

/**
 * The name of a row; a click puts the runs in the order of their values in it, a second one the other way round.
 */
export function RowTitle(props: {
  name: string;
  order: 'ascending' | 'descending' | null;
  onOrder: (isDescending: boolean) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { name, onOrder, order } = props;
  return (
    <button
      type="button"
      className="jp-MLOpsCompare-order"
      title={trans.__('Order the runs by %1', name)}
      onClick={() => onOrder(order !== 'descending')}
    >
      {name}
    </button>
  );
}
