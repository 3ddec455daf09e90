import * as React from 'react';

import { useMLOps } from '../hooks/context';
import { useRequest } from '../hooks/request';
import { Action } from './Action';

// as the server calls the experiment of what nobody asked for
const AUTOMATIC_EXPERIMENT = 'Automatic snapshots';

/**
 * Tells automatic snapshots from the others, where both are listed.
 */
export function useAutomaticExperiment(isOn: boolean): string | null {
  const { mlops } = useMLOps();
  const { data } = useRequest(
    async () => (isOn ? mlops.client.experiments() : null),
    [isOn]
  );
  const found = data?.items.find(({ name }) => name === AUTOMATIC_EXPERIMENT);
  return found?.experiment_id ?? null;
}

/**
 * Teaches the next step, and says what is there and not listed.
 */
export function Nothing(): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { data } = useRequest(
    () => mlops.client.runCount({ automatic: true }),
    []
  );
  const hidden = data?.count ?? 0;
  return (
    <>
      {trans.__(
        'Click Snapshot in any notebook to keep the whole experiment: code, data, environment, results.'
      )}
      {hidden > 0 && (
        <Action
          text={trans._n(
            'Show %1 automatic snapshot',
            'Show %1 automatic snapshots',
            hidden
          )}
          onClick={() => void mlops.searchRuns({ automatic: true })}
        />
      )}
    </>
  );
}
