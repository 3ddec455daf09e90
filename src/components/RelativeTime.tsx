import { Time } from '@jupyterlab/coreutils';
import * as React from 'react';

const REDRAW_MS = 30_000;

// made once: it costs more than what it formats
const EXACT = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'medium'
});

/**
 * How long ago, with the exact time on hover.
 */
export function RelativeTime(props: {
  value: string;
  style?: Time.HumanStyle;
}): JSX.Element {
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const timer = window.setInterval(redraw, REDRAW_MS);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <time
      className="jp-MLOpsTime"
      dateTime={props.value}
      title={EXACT.format(new Date(props.value))}
    >
      {Time.formatHuman(props.value, props.style ?? 'long')}
    </time>
  );
}
