import type { TranslationBundle } from '@jupyterlab/translation';

import type { Run } from '../api/types';
import { runWord } from '../components/RunMark';

/**
 * How a tab is called, and what it says on hover.
 */
export interface ITabTitle {
  label: string;
  caption: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const DATE = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short'
});

/**
 * The title of a run's tab: with its time, since the notebook's own tab and other runs have the same name.
 */
export function runTitle(
  run: Run,
  trans: TranslationBundle,
  now: number = Date.now()
): ITabTitle {
  const { name, notebook_path: path, run_id: id } = run;
  const started = new Date(run.started_at);
  const isRecent = now - started.getTime() < DAY_MS;
  const lines = [
    trans.__('Run of %1: %2', DATE.format(started), runWord(run, trans)),
    path ?? name,
    id
  ];
  return {
    label: `${name} · ${(isRecent ? TIME : DATE).format(started)}`,
    caption: lines.join('\n')
  };
}
