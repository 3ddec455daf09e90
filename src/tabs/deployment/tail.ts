import { Poll } from '@lumino/polling';
import * as React from 'react';

import { errorMessage } from '../../api/request';
import { useMLOps } from '../../hooks/context';
import type { IRequest } from '../../hooks/request';

const LINES = 500;
const INTERVAL_MS = 2_000;
const SLOWEST_MS = 30_000;

type Lines = readonly string[];

/**
 * The newest lines of a deployment's log, read again and again while `isLive` and while somebody sees the element.
 */
export function useTail(
  name: string,
  isLive: boolean,
  element: React.RefObject<HTMLElement>
): IRequest<Lines> {
  const { client } = useMLOps().mlops;
  const [state, setState] = React.useState<Omit<IRequest<Lines>, 'retry'>>({
    phase: 'loading',
    data: null,
    error: null
  });
  const polling = React.useRef<Poll | null>(null);
  React.useEffect(() => {
    const interval = isLive ? INTERVAL_MS : Poll.NEVER;
    const poll = new Poll({
      name: `jupyter-mlops:log:${name}`,
      frequency: { interval, backoff: true, max: SLOWEST_MS },
      standby: () => isLive && !isSeen(element.current),
      factory: async () => {
        try {
          const { lines } = await client.deploymentLog(name, LINES);
          setState({ phase: 'ready', data: lines, error: null });
        } catch (reason) {
          const error = errorMessage(reason);
          setState(last => ({ ...last, phase: 'failed', error }));
          throw reason;
        }
      }
    });
    polling.current = poll;
    return () => poll.dispose();
  }, [client, name, isLive]);
  return { ...state, retry: () => void polling.current?.refresh() };
}

/**
 * Whether the page and the tab of the element are in front; the dock panel hides tabs in one of three ways.
 */
function isSeen(element: HTMLElement | null): boolean {
  return (
    !document.hidden &&
    element?.closest('.lm-mod-hidden, [aria-hidden="true"]') === null &&
    // not every browser has it
    element.checkVisibility?.() !== false
  );
}
