import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

/**
 * Counts how often a signal was emitted while the component is mounted; each time draws the component.
 */
export function useSignalCount<T, U>(signal: ISignal<T, U>): number {
  const [count, increase] = React.useReducer((last: number) => last + 1, 0);
  React.useEffect(() => {
    signal.connect(increase);
    return () => {
      signal.disconnect(increase);
    };
  }, [signal]);
  return count;
}

/**
 * Draws the component whenever a signal is emitted, and once when it is mounted: what the signal tells of may have
 * changed since the component was drawn.
 */
export function useRedraw<T, U>(signal: ISignal<T, U>): void {
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  useSignalCount(signal);
  React.useEffect(redraw, [signal]);
}
