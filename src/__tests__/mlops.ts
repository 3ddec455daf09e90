import type { Event } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import type { FakeServer } from '../api/__tests__/server';
import { MLOpsManager } from '../services/manager';

export const trans = nullTranslator.load('jupyter_mlops');

/**
 * The real manager before a server that the test plays, and that sends the events of `stream`.
 */
export function createMLOps(
  server: FakeServer,
  stream = new Signal<object, object>({})
): MLOpsManager {
  return new MLOpsManager({
    events: { stream } as unknown as Event.IManager,
    serverSettings: server.settings,
    trans
  });
}
