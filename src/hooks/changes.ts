import * as React from 'react';

import type { IMLOps, IServerEvent } from '../tokens';
import { useMLOps } from './context';

// the server does not know what another process has changed
const ANYTHING = '*';

/**
 * Counts what the server says has happened to subjects of a room: ids of runs, names of models or of deployments.
 */
export function useChangeCount(
  room: IServerEvent['room'],
  ...subjects: string[]
): number {
  const { mlops } = useMLOps();
  const [count, increase] = React.useReducer((last: number) => last + 1, 0);
  React.useEffect(() => {
    const onEvent = (_: IMLOps, event: IServerEvent) => {
      const isMeant = subjects.includes(event.id) || event.id === ANYTHING;
      if (event.room === room && isMeant) {
        increase();
      }
    };
    mlops.serverChanged.connect(onEvent);
    return () => {
      mlops.serverChanged.disconnect(onEvent);
    };
  }, [mlops, room, subjects.join()]);
  return count;
}
