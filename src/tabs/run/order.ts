import type { ICodeCell, INotebookContent } from '@jupyterlab/nbformat';
import { isCode } from '@jupyterlab/nbformat';

import type { CellRun } from '../../api/types';

/**
 * Whether the kernel ran the cells in the order in which they stand, each once.
 */
export function ranAsItStands(
  content: INotebookContent,
  runs: readonly CellRun[]
): boolean {
  const cells = content.cells.filter(
    cell => isCode(cell) && textOf(cell.source).trim() !== ''
  );
  return (
    cells.length === runs.length &&
    runs.every((run, index) => run.cell_id === cells[index].id)
  );
}

/**
 * The notebook in the order in which its kernel ran it, with the source as it ran. The outputs that are kept are those
 * of a cell's last run.
 */
export function asItRan(
  content: INotebookContent,
  runs: readonly CellRun[]
): INotebookContent {
  const known = new Map(content.cells.map(cell => [cell.id, cell]));
  const last = new Map(runs.map((run, index) => [run.cell_id, index]));
  const cells = runs.map((run, index): ICodeCell => {
    const cell = known.get(run.cell_id ?? undefined);
    const isLast = last.get(run.cell_id) === index;
    return {
      cell_type: 'code',
      id: `run-${index}`,
      execution_count: run.execution_count,
      metadata: {},
      outputs: cell && isCode(cell) && isLast ? cell.outputs : [],
      source: run.source
    };
  });
  return { ...content, cells };
}

function textOf(source: string | string[]): string {
  return typeof source === 'string' ? source : source.join('');
}
