import type { TranslationBundle } from '@jupyterlab/translation';

import type { CellPair, DataState } from '../../api/types';

const SHORT_DIGEST = 8;

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
    case 'attachments':
      return trans.__('attachments changed');
    case 'edited':
      return trans.__('edited');
    case 'metadata':
      return trans.__('metadata changed');
    case 'moved':
      return trans.__('moved');
    case 'outputs':
      return trans.__('output changed');
    case 'tags':
      return trans.__('tags changed');
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

/**
 * What happened to data, in a word; of the baseline's, which it is.
 */
export function dataChangeName(
  { change, digest }: DataState,
  trans: TranslationBundle
): string {
  switch (change) {
    case 'baseline':
      return digest?.slice(0, SHORT_DIGEST) ?? trans.__('unknown');
    case 'same':
      return trans.__('same');
    case 'changed':
      return trans.__('changed');
    case 'added':
      return trans.__('added');
    case 'removed':
      return trans.__('removed');
    default:
      return trans.__('unknown');
  }
}
