import * as React from 'react';

import { useMLOps } from './context';
import { useSignalCount } from './signal';

/**
 * Counts the moments at which what depends on files may have changed, for as long as the component is mounted.
 */
export function useBeats(): number {
  const { pulse } = useMLOps().mlops;
  React.useEffect(() => {
    const watching = pulse.watch();
    return () => watching.dispose();
  }, [pulse]);
  return useSignalCount(pulse.beat);
}
