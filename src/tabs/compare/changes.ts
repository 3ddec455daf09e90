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
  return [...changeCounts(pairs)]
    .map(([change, count]) => {
      const word =
        change === null ? trans.__('unchanged') : changeName(change, trans);
      return `${count} ${word}`;
    })
    .join(', ');
}

/**
 * To how many cells each thing has happened, and `null` to how many nothing has.
 */
export function changeCounts(
  pairs: readonly CellPair[]
): Map<CellPair['changes'][0] | null, number> {
  const counts = new Map<CellPair['changes'][0] | null, number>();
  for (const { changes } of pairs) {
    for (const change of changes.length > 0 ? changes : [null]) {
      counts.set(change, (counts.get(change) ?? 0) + 1);
    }
  }
  return counts;
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
