import * as React from 'react';

/**
 * The value as it was when the element was last in sight: what nobody looks at need not be kept up.
 */
export function useWhenInSight<T>(
  ref: React.RefObject<HTMLElement>,
  value: T
): T {
  const [isSeen, see] = React.useState(true);
  const last = React.useRef(value);
  React.useEffect(() => {
    if (ref.current && typeof IntersectionObserver !== 'undefined') {
      const observer = new IntersectionObserver(entries =>
        see(entries[entries.length - 1].isIntersecting)
      );
      observer.observe(ref.current);
      return () => observer.disconnect();
    }
  }, []);
  if (isSeen) {
    last.current = value;
  }
  return last.current;
}
