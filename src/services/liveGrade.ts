import type { ICodeCellModel } from '@jupyterlab/cells';
import { isCodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';

import type { MLOpsClient } from '../api/client';
import type { CellContent, NotebookGrade } from '../api/types';
import type { CurrentNotebook } from './currentNotebook';
import { LiveReading } from './liveReading';

/**
 * How far the results of the current notebook can be trusted.
 */
export class LiveGrade extends LiveReading<NotebookGrade> {
  constructor(
    private _client: MLOpsClient,
    notebook: CurrentNotebook
  ) {
    super(notebook);
  }

  protected read(path: string, model: INotebookModel): Promise<NotebookGrade> {
    return this._client.notebookGrade(path, codeCells(model));
  }
}

function codeCells({ cells }: INotebookModel): CellContent[] {
  return [...cells].flatMap((cell, index) =>
    isCodeCellModel(cell) ? [content(cell, index)] : []
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
