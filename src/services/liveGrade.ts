import type { INotebookModel } from '@jupyterlab/notebook';

import type { MLOpsClient } from '../api/client';
import type { NotebookGrade } from '../api/types';
import { codeCells } from './codeCells';
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
