import { isCodeCellModel } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';

const TAG = 'parameters';

/**
 * Makes the active cell the one that sets the parameters, as papermill has it.
 *
 * @returns whether it is a code cell.
 */
export function tagParameters({ activeCell }: Notebook): boolean {
  const cell = activeCell?.model;
  if (!cell || !isCodeCellModel(cell)) {
    return false;
  }
  const tags = cell.getMetadata('tags') as string[] | undefined;
  cell.setMetadata('tags', [...new Set([...(tags ?? []), TAG])]);
  return true;
}
