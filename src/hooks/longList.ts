import { Throttler } from '@lumino/polling';
import * as React from 'react';

import type { MLOpsClient } from '../api/client';
import type { LongList } from '../services/longList';
import type { IMLOps, IServerEvent } from '../tokens';
import { useMLOps } from './context';
import { useSignalCount } from './signal';

// runs that log, thinning and whole sweeps send events by the dozen
const REFRESH_MS = 1_000;

/**
 * What a search finds, kept fresh while the component is mounted. Nothing is read while `search` is `null`, nor while the
 * page is hidden: what has changed by then is read when it is seen again.
 *
 * @param List - the kind of list.
 * @param search - what to look for; equal ones are read once.
 * @param concerns - tells whether an event may change such a list; always the same function.
 */
export function useLongList<T, S, L extends LongList<T, S>>(
  List: new (client: MLOpsClient) => L & LongList<T, S>,
  search: S | null,
  concerns: (event: IServerEvent) => boolean
): L {
  const { mlops } = useMLOps();
  const [list] = React.useState(() => new List(mlops.client));
  useSignalCount(list.changed);
  const wanted = React.useRef(search);
  wanted.current = search;
  React.useEffect(() => {
    const throttler = new Throttler(() => list.refresh(), {
      limit: REFRESH_MS,
      edge: 'trailing'
    });
    const refresh = () => {
      if (wanted.current && !document.hidden) {
        void throttler.invoke();
      }
    };
    const onEvent = (_: IMLOps, event: IServerEvent) => {
      if (concerns(event)) {
        list.touch(event.id);
        refresh();
      }
    };
    mlops.serverChanged.connect(onEvent);
    // events may be lost while a machine sleeps
    document.addEventListener('visibilitychange', refresh);
    return () => {
      mlops.serverChanged.disconnect(onEvent);
      document.removeEventListener('visibilitychange', refresh);
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
