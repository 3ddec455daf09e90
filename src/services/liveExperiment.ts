import type { INotebookModel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';

import type { LiveExperiment as Data } from '../api/types';
import type { IMLOps, IServerEvent } from '../tokens';
import { cellTexts } from './codeCells';
import type { CurrentNotebook } from './currentNotebook';
import { LiveReading } from './liveReading';
import { pinnedMetrics } from './pins';

/**
 * What the current notebook has found out so far: parameters, results, models, and the experiment of its runs.
 */
export class LiveExperiment extends LiveReading<Data> {
  constructor(
    private _mlops: IMLOps,
    notebook: CurrentNotebook
  ) {
    super(notebook);
    _mlops.serverChanged.connect(this._onEvent, this);
  }

  dispose(): void {
    Signal.disconnectBetween(this._mlops, this);
    super.dispose();
  }

  protected read(path: string, model: INotebookModel): Promise<Data> {
    return this._mlops.client.liveExperiment({
      notebook_path: path,
      cells: cellTexts(model),
      pinned: pinnedMetrics(model),
      language: model.defaultKernelLanguage.toLowerCase()
    });
  }

  /**
   * A snapshot may have been the first run of the notebook, and so have told its experiment.
   */
  private _onEvent(sender: IMLOps, { room }: IServerEvent): void {
    if (room === 'snapshots') {
      void this.refresh();
    }
  }
}
