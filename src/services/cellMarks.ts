import type { NotebookPanel } from '@jupyterlab/notebook';

const MARK = 'jp-MLOpsMarkedCell';

/**
 * Scrolls to the first of the cells, makes it the active one and marks them all; none is marked any more that was.
 *
 * @returns whether one of the cells is still there.
 */
export function markCells(
  { content }: NotebookPanel,
  cellIds: readonly string[]
): boolean {
  let first = -1;
  content.widgets.forEach((cell, index) => {
    const isMarked = cellIds.includes(cell.model.id);
    cell.toggleClass(MARK, isMarked);
    if (isMarked && first === -1) {
      first = index;
    }
  });
  if (first === -1) {
    return false;
  }
  content.deselectAll();
  content.activeCellIndex = first;
  void content.scrollToCell(content.widgets[first], 'center');
  return true;
}

/**
 * Takes the marks away from the cells that the test names.
 */
export function unmarkCells(
  { content }: NotebookPanel,
  isTrue: (cellId: string) => boolean
): void {
  for (const cell of content.widgets) {
    if (cell.hasClass(MARK) && isTrue(cell.model.id)) {
      cell.removeClass(MARK);
    }
  }
}
