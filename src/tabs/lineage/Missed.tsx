import * as React from 'react';

import { useMLOps } from '../../hooks/context';

/**
 * Says that cards have come which are out of sight, with the way to them.
 */
export function Missed(props: {
  count: number;
  onShow: () => void;
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { count, onShow } = props;
  return (
    <div className="jp-MLOpsLineage-missed" aria-live="polite">
      {count > 0 && (
        <>
          {trans._n(
            '%1 new card is out of sight.',
            '%1 new cards are out of sight.',
            count
          )}{' '}
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-minimal"
            onClick={onShow}
          >
            {trans.__('Show')}
          </button>
        </>
      )}
    </div>
  );
}
