import type { ICodeCellModel } from '@jupyterlab/cells';
import { isCodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { IOutputModel } from '@jupyterlab/rendermime';

import type { CellContent, CellText } from '../api/types';

// characters of a cell's text, the last of them, as the server takes them
const MOST_TEXT = 20_000;
const PRINTED = 'application/vnd.jupyter.stdout';
const RETURNED = 'text/plain';

/**
 * The code cells as they stand in the browser.
 */
export function codeCells(model: INotebookModel): CellContent[] {
  return codeModels(model).map(({ cell, index }) => content(cell, index));
}

/**
 * The same with what they printed and returned.
 */
export function cellTexts(model: INotebookModel): CellText[] {
  return codeModels(model).map(({ cell, index }) => {
    const outputs = Array.from({ length: cell.outputs.length }, (_, at) =>
      cell.outputs.get(at)
    );
    return {
      ...content(cell, index),
      printed: textOf(outputs, PRINTED),
      returned: textOf(outputs, RETURNED)
    };
  });
}

function codeModels({
  cells
}: INotebookModel): { cell: ICodeCellModel; index: number }[] {
  return [...cells].flatMap((cell, index) =>
    isCodeCellModel(cell) ? [{ cell, index }] : []
  );
}

function content(cell: ICodeCellModel, index: number): CellContent {
  return {
    index,
    cell_id: cell.id,
    source: cell.sharedModel.getSource(),
    execution_count: cell.executionCount,
    tags: (cell.getMetadata('tags') as string[] | undefined) ?? []
  };
}

function textOf(outputs: readonly IOutputModel[], mimeType: string): string {
  return outputs
    .map(({ data }) => data[mimeType])
    .filter(text => typeof text === 'string')
    .join('\n')
    .slice(-MOST_TEXT);
}
