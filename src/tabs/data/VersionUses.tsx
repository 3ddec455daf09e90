import * as React from 'react';

import type { DataUse } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { GradeDot } from '../../components/GradeDot';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { RelativeTime } from '../../components/RelativeTime';
import { RovingList } from '../../components/RovingList';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';

const AT_ONCE = 20;
const MOST = 1000;

/**
 * The snapshots that read or wrote a version, newest first; Enter or a click opens one.
 */
export function VersionUses(props: {
  path: string;
  digest: string;
}): JSX.Element {
  const { commands, mlops, trans } = useMLOps();
  const { digest, path } = props;
  const [limit, setLimit] = React.useState(AT_ONCE);
  const { data, ...request } = useRequest(
    () => mlops.client.dataUses(path, digest, { limit }),
    [path, digest, limit]
  );
  const items = data?.items ?? [];
  return (
    <StateView {...request} isEmpty={items.length === 0}>
      <RovingList
        label={trans.__('Snapshots that used it')}
        items={items}
        keyOf={use => use.snapshot_id}
        describe={use => ({
          label: `${use.notebook_path}, ${modeText(use)}`,
          data: {
            'data-run-id': use.run_id,
            'data-snapshot-id': use.snapshot_id
          }
        })}
        render={use => (
          <span className="jp-MLOpsRow-line">
            <GradeDot grade={use.grade} />
            <MiddleEllipsis text={use.notebook_path} />
            <span className="jp-MLOpsRow-facts">{modeText(use)}</span>
            <RelativeTime value={use.created_at} />
          </span>
        )}
        onOpen={({ run_id: runId, snapshot_id: snapshotId }) =>
          void commands.execute(CommandIDs.openRun, { runId, snapshotId })
        }
      />
      {data?.next_token && limit < MOST && (
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-minimal"
          onClick={() => setLimit(Math.min(limit * 5, MOST))}
        >
          {trans.__('Show more')}
        </button>
      )}
    </StateView>
  );

  function modeText({ modes, path: name }: DataUse): string {
    const parts = [
      ...modes.map(mode =>
        mode === 'read' ? trans.__('read') : trans.__('written')
      ),
      ...(name === path ? [] : [trans.__('in the folder %1', name)])
    ];
    return parts.join(', ');
  }
}
