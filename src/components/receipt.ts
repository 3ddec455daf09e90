import type { TranslationBundle } from '@jupyterlab/translation';

import type { Receipt } from '../api/types';

export function isUnfinished({ state }: Receipt): boolean {
  return state === 'pending' || state === 'running';
}

/**
 * What a reproduction does now.
 */
export function progressText(
  { notebook_path: path, progress }: Receipt,
  trans: TranslationBundle
): string {
  switch (progress?.phase) {
    case 'environment':
      return trans.__('Reproducing %1: looking at the environment…', path);
    case 'running':
      return progress.run > 1
        ? trans.__(
            'Reproducing %1: once more, cell %2 of %3',
            path,
            progress.cell,
            progress.cells
          )
        : trans.__(
            'Reproducing %1: cell %2 of %3',
            path,
            progress.cell,
            progress.cells
          );
    case 'comparing':
      return trans.__('Reproducing %1: comparing…', path);
    default:
      return trans.__('Reproducing %1…', path);
  }
}

/**
 * What became of a cell or of a metric, in words.
 */
export function partWord(
  verdict: Receipt['cells' | 'metrics'][number]['verdict'],
  trans: TranslationBundle
): string {
  switch (verdict) {
    case 'same':
      return trans.__('same');
    case 'within tolerance':
      return trans.__('within tolerance');
    case 'random':
      return trans.__('random by nature');
    case 'shows the time':
      return trans.__('shows the time it ran');
    case 'volatile':
      return trans.__('never the same, not counted');
    case 'new':
      return trans.__('new');
    case 'not run then':
      return trans.__('had not run');
    default:
      return trans.__('differs');
  }
}

/**
 * The sign and the word for what came of it.
 */
export function verdictWord(
  { state, verdict }: Receipt,
  trans: TranslationBundle
): { sign: string; word: string; kind: 'good' | 'off' | 'failed' | 'open' } {
  switch (verdict ?? state) {
    case 'reproduced':
      return { sign: '✓', word: trans.__('reproduced'), kind: 'good' };
    case 'within tolerance':
      return { sign: '≈', word: trans.__('within tolerance'), kind: 'good' };
    case 'differs':
      return { sign: '≠', word: trans.__('differs'), kind: 'off' };
    case 'failed':
      return { sign: '✕', word: trans.__('no verdict'), kind: 'failed' };
    case 'stopped':
      return { sign: '◼', word: trans.__('stopped'), kind: 'open' };
    default:
      return { sign: '◌', word: trans.__('running'), kind: 'open' };
  }
}
