import * as React from 'react';

import { useMLOps } from '../../hooks/context';

// several events tell of one deed
const PAUSE_MS = 300;

// files change without an event
const LOOK_MS = 10_000;

/**
 * Counts the times at which the graph may have changed: after events of any room and, since files change without one,
 * now and then while the page is seen.
 */
export function useAnyChange(): number {
  const { mlops } = useMLOps();
  const [count, increase] = React.useReducer((last: number) => last + 1, 0);
  React.useEffect(() => {
    let waiting: number | undefined;
    const onEvent = () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(increase, PAUSE_MS);
    };
    const look = () => {
      if (!document.hidden) {
        increase();
      }
    };
    const timer = window.setInterval(look, LOOK_MS);
    mlops.serverChanged.connect(onEvent);
    return () => {
      mlops.serverChanged.disconnect(onEvent);
      window.clearInterval(timer);
      window.clearTimeout(waiting);
    };
  }, [mlops]);
  return count;
}
