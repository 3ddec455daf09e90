import type { ServerConnection } from '@jupyterlab/services';

import { sender } from './request';
import { dataRequests } from './requests/data';
import { deploymentRequests } from './requests/deployments';
import { headlessRequests } from './requests/headless';
import { lineageRequests } from './requests/lineage';
import { modelRequests } from './requests/models';
import { notebookRequests } from './requests/notebooks';
import { runRequests } from './requests/runs';
import { snapshotRequests } from './requests/snapshots';
import { storageRequests } from './requests/storage';
import type * as api from './types';

/**
 * One typed method for each operation of the server part.
 */
export type MLOpsClient = ReturnType<typeof createClient>;

/**
 * Make a client of a server.
 *
 * A reply outside 2xx rejects with a `ServerConnection.ResponseError`, whose message is the server's sentence;
 * an unreachable server rejects with a `ServerConnection.NetworkError`, whose message is `unreachable` if that is given.
 */
export function createClient(
  serverSettings: ServerConnection.ISettings,
  unreachable?: string
) {
  const send = sender(serverSettings, unreachable);
  return {
    serverSettings,
    status: (): Promise<api.Status> => send('get', 'status', []),
    ...runRequests(send),
    ...snapshotRequests(send),
    ...dataRequests(send),
    ...storageRequests(send),
    ...notebookRequests(send),
    ...headlessRequests(send),
    ...modelRequests(send),
    ...deploymentRequests(send),
    ...lineageRequests(send)
  };
}
