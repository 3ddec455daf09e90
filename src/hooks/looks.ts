import * as React from 'react';

/**
 * Counts looks at what changes without an event: one in so many milliseconds while `isOn`, none while the page is
 * hidden, and one at once when it is seen again. The second result is for one more.
 */
export function useLooks(isOn: boolean, ms: number): [number, () => void] {
  const [looks, look] = React.useReducer((last: number) => last + 1, 0);
  React.useEffect(() => {
    if (!isOn) {
      return;
    }
    const lookIfSeen = () => {
      if (!document.hidden) {
        look();
      }
    };
    const timer = window.setInterval(lookIfSeen, ms);
    document.addEventListener('visibilitychange', lookIfSeen);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', lookIfSeen);
    };
  }, [isOn, ms]);
  return [looks, look];
}
