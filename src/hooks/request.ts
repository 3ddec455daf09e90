import * as React from 'react';

import { errorMessage } from '../api/request';
import type { Phase } from '../services/listState';

/**
 * A read and its last good data.
 */
export interface IRequest<T> {
  phase: Phase;
  data: T | null;
  error: string | null;
  retry: () => void;
}

interface IState<T> {
  phase: Phase;
  data: T | null;
  error: string | null;
}

/**
 * Reads when mounted and when `deps` change. Replies that are overtaken by a later request are dropped.
 */
export function useRequest<T>(
  read: () => Promise<T>,
  deps: React.DependencyList
): IRequest<T> {
  const [attempt, retry] = React.useReducer((count: number) => count + 1, 0);
  const [state, setState] = React.useState<IState<T>>({
    phase: 'loading',
    data: null,
    error: null
  });
  React.useEffect(() => {
    let isCurrent = true;
    setState(last => ({ ...last, phase: 'loading' }));
    read().then(
      data => {
        if (isCurrent) {
          setState({ phase: 'ready', data, error: null });
        }
      },
      reason => {
        if (isCurrent) {
          const error = errorMessage(reason);
          setState(last => ({ ...last, phase: 'failed', error }));
        }
      }
    );
    return () => {
      isCurrent = false;
    };
  }, [...deps, attempt]);
  return { ...state, retry };
}
