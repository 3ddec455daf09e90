import type { Event } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import type { FakeServer } from '../api/__tests__/server';
import { MLOpsManager } from '../services/manager';

export const trans = nullTranslator.load('jupyter_mlops');

/**
 * The real manager before a server that the test plays, and that sends no events.
 */
export function createMLOps(server: FakeServer): MLOpsManager {
  return new MLOpsManager({
    events: { stream: new Signal({}) } as unknown as Event.IManager,
    serverSettings: server.settings,
    trans
  });
}
