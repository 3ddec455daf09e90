import * as React from 'react';

import { CommandIDs } from '../../commands/ids';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { useStaleList } from '../../hooks/stale';
import { StateMark } from './StateMark';
import { describeState } from './words';

/**
 * Opens the lineage of a version or deployment, and says whether it is stale and why. The list of what is stale tells
 * of those that matter now; of other versions the server is asked whenever that list has changed.
 */
export function LineageLink(props: { node: string }): JSX.Element {
  const { commands, mlops, trans } = useMLOps();
  const { node } = props;
  const { data: stale } = useStaleList();
  const listed = stale?.items.find(({ id }) => id === node);
  const { data } = useRequest(
    async () =>
      stale && !listed
        ? mlops.client.lineage({ node, depth: 2, limit: 10 })
        : null,
    [node, stale]
  );
  const found = listed ?? data?.nodes.find(({ id }) => id === node);
  return (
    <span className="jp-MLOpsLineage-row">
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-minimal"
        onClick={() => void commands.execute(CommandIDs.openLineage, { node })}
      >
        {trans.__('Show lineage')}
      </button>
      {found?.state === 'stale' && (
        <span role="status">
          <StateMark node={found} />{' '}
          <span className="jp-MLOpsStale-why">
            {describeState(found, trans)}
          </span>
        </span>
      )}
    </span>
  );
}
