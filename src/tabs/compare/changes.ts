import type { TranslationBundle } from '@jupyterlab/translation';

import type { CellPair } from '../../api/types';

/**
 * What happened to a cell or a module, in a word.
 */
export function changeName(
  change: CellPair['changes'][0],
  trans: TranslationBundle
): string {
  switch (change) {
    case 'added':
      return trans.__('added');
    case 'edited':
      return trans.__('edited');
    case 'moved':
      return trans.__('moved');
    case 'outputs':
      return trans.__('output changed');
    default:
      return trans.__('removed');
  }
}

/**
 * How many cells of each kind there are: "2 edited, 1 moved, 40 unchanged".
 */
export function summary(
  pairs: readonly CellPair[],
  trans: TranslationBundle
): string {
  const counts = new Map<string, number>();
  for (const { changes } of pairs) {
    const words = changes.length
      ? changes.map(change => changeName(change, trans))
      : [trans.__('unchanged')];
    words.forEach(word => counts.set(word, (counts.get(word) ?? 0) + 1));
  }
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
