import type { TranslationBundle } from '@jupyterlab/translation';

import type { Erasable } from '../api/types';

/**
 * Where else there may be something of what was erased.
 */
export function leftPlaces(
  { in_project: isInProject, notebook_count: count, notebooks, path }: Erasable,
  trans: TranslationBundle
): string[] {
  const named = notebooks.join(', ');
  const more = count - notebooks.length;
  return [
    ...(isInProject ? [trans.__('%1 in the project', path)] : []),
    ...(count === 0
      ? []
      : [
          more > 0
            ? trans.__(
                'what %1 and %2 more show of it, in cells and in snapshots',
                named,
                more
              )
            : trans.__('what %1 shows of it, in cells and in snapshots', named)
        ]),
    trans.__('artifacts that runs logged'),
    trans.__('backups')
  ];
}
