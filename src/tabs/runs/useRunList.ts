import { Throttler } from '@lumino/polling';
import * as React from 'react';

import { useMLOps } from '../../hooks/context';
import type { RunSearch } from '../../services/runList';
import { RunList } from '../../services/runList';
import type { IMLOps, IServerEvent } from '../../tokens';

// a run that logs sends events all the time
const REFRESH_MS = 1_000;

/**
 * The runs that a search finds, kept fresh while the component is mounted. Nothing is read while `search` is `null`.
 */
export function useRunList(search: RunSearch | null): RunList {
  const { mlops } = useMLOps();
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  const [list] = React.useState(() => new RunList(mlops.client));
  React.useEffect(() => {
    const throttler = new Throttler(() => list.refresh(), {
      limit: REFRESH_MS,
      edge: 'trailing'
    });
    const onEvent = (_: IMLOps, { room, id }: IServerEvent) => {
      if (room === 'tracking' || room === 'snapshots') {
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
  React.useEffect(() => {
    if (search) {
      void list.setSearch(search);
    }
  }, [search?.experimentId, search?.filter, search?.orderBy, search === null]);
  return list;
}
