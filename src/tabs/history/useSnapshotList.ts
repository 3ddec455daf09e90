import { Throttler } from '@lumino/polling';
import * as React from 'react';

import { useMLOps } from '../../hooks/context';
import type { SnapshotSearch } from '../../services/snapshotList';
import { SnapshotList } from '../../services/snapshotList';
import type { IMLOps, IServerEvent } from '../../tokens';

// thinning and whole sweeps send events by the dozen
const REFRESH_MS = 1_000;

/**
 * The snapshots that a search finds, kept fresh while the component is mounted. Nothing is read while `search` is
 * `null`.
 */
export function useSnapshotList(search: SnapshotSearch | null): SnapshotList {
  const { mlops } = useMLOps();
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  const [list] = React.useState(() => new SnapshotList(mlops.client));
  React.useEffect(() => {
    const throttler = new Throttler(() => list.refresh(), {
      limit: REFRESH_MS,
      edge: 'trailing'
    });
    const onEvent = (_: IMLOps, { room, action, id }: IServerEvent) => {
      // a run that is deleted takes its snapshot along
      if (
        room === 'snapshots' ||
        (room === 'tracking' && action !== 'changed')
      ) {
        list.touch(id);
        void throttler.invoke();
      }
    };
    list.changed.connect(redraw);
    mlops.serverChanged.connect(onEvent);
    return () => {
      mlops.serverChanged.disconnect(onEvent);
      throttler.dispose();
      list.dispose();
    };
  }, [list, mlops]);
  const key = JSON.stringify(search);
  React.useEffect(() => {
    if (search) {
      void list.setSearch(search);
    }
  }, [key]);
  return list;
}
