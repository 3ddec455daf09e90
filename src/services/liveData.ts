import { Signal } from '@lumino/signaling';

import type { LiveData as Data } from '../api/types';
import type { IMLOps, IServerEvent } from '../tokens';
import type { CurrentNotebook } from './currentNotebook';
import { LiveReading } from './liveReading';

/**
 * The data that the cells of the current notebook have used, and what of it has changed since the last snapshot.
 */
export class LiveData extends LiveReading<Data> {
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

  protected read(path: string): Promise<Data> {
    return this._mlops.client.liveData(path);
  }

  private _onEvent(sender: IMLOps, { room }: IServerEvent): void {
    if (room === 'snapshots') {
      void this.refresh();
    }
  }
}
