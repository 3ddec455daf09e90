import type { TranslationBundle } from '@jupyterlab/translation';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Milliseconds as people say them, in the two largest units.
 */
export function formatDuration(ms: number, trans: TranslationBundle): string {
  if (ms < MINUTE) {
    return trans.__('%1 s', (ms / SECOND).toFixed(ms < 10 * SECOND ? 1 : 0));
  }
  if (ms < HOUR) {
    const seconds = Math.floor((ms % MINUTE) / SECOND);
    return trans.__('%1 min %2 s', Math.floor(ms / MINUTE), seconds);
  }
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  return trans.__('%1 h %2 min', Math.floor(ms / HOUR), minutes);
}
