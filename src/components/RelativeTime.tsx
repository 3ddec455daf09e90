import { Time } from '@jupyterlab/coreutils';
import * as React from 'react';

import { useLooks } from '../hooks/looks';

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
  useLooks(true, REDRAW_MS);
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
