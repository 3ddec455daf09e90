import * as React from 'react';

import { useMLOps } from '../../hooks/context';

/**
 * Counts the times at which the graph may have changed: after events, and since files change without one, now and then.
 */
export function useAnyChange(): number {
  const { pulse } = useMLOps().mlops;
  const [count, increase] = React.useReducer((last: number) => last + 1, 0);
  React.useEffect(() => {
    const watching = pulse.watch();
    const onBeat = () => increase();
    pulse.beat.connect(onBeat);
    return () => {
      pulse.beat.disconnect(onBeat);
      watching.dispose();
    };
  }, [pulse]);
  return count;
}
