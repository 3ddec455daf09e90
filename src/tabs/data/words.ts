import type { TranslationBundle } from '@jupyterlab/translation';

import type { DataVersion, DataVersionList } from '../../api/types';
import { isTable } from '../run/Profile';

const SHORT_DIGEST = 8;

export function shortDigest(digest: string): string {
  return digest.slice(0, SHORT_DIGEST);
}

/**
 * How many versions there are, and which of them lies in the project now.
 */
export function presentText(
  { items, present }: DataVersionList,
  trans: TranslationBundle
): string {
  const count = trans._n('%1 version', '%1 versions', items.length);
  return present === null
    ? count
    : `${count} · ${nowText(items, present, trans)}`;
}

function nowText(
  items: readonly DataVersion[],
  { digest, exists }: NonNullable<DataVersionList['present']>,
  trans: TranslationBundle
): string {
  if (!exists) {
    return trans.__('in the project it is not there any more');
  }
  if (digest === null) {
    return trans.__('what is in the project now was not read');
  }
  return items.some(version => version.digest === digest)
    ? trans.__('in the project is version %1', shortDigest(digest))
    : trans.__(
        'what is in the project now is none of them: no snapshot has it yet'
      );
}

/**
 * Whether the server can tell what the version holds; of what was erased nothing is told.
 */
export function isDescribed(version: DataVersion, path: string): boolean {
  return version.note === null && isTable({ ...version, path });
}

/**
 * Whether the store has the version, and if not, why.
 */
export function keptText(
  { kept, note }: DataVersion,
  trans: TranslationBundle
): string {
  return kept ? trans.__('yes') : (note ?? trans.__('digest only'));
}
