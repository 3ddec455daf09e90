import * as React from 'react';

const MARGIN = '200px';

/**
 * Draws what it holds when it is scrolled into sight, and from then on.
 */
export function InSight(props: { children: React.ReactNode }): JSX.Element {
  const place = React.useRef<HTMLDivElement>(null);
  const [isSeen, see] = React.useState(
    () => typeof IntersectionObserver === 'undefined'
  );
  React.useEffect(() => {
    if (!isSeen) {
      const observer = new IntersectionObserver(
        entries => see(entries.some(entry => entry.isIntersecting)),
        { rootMargin: MARGIN }
      );
      observer.observe(place.current!);
      return () => observer.disconnect();
    }
  }, [isSeen]);
  return (
    <div ref={place} className={isSeen ? undefined : 'jp-MLOpsInSight'}>
      {isSeen && props.children}
    </div>
  );
}
