import { ServerConnection } from '@jupyterlab/services';

import type { MLOpsClient } from '../client';
import { createClient } from '../client';
import { errorMessage } from '../request';
import { FakeServer } from './server';

type Call = (client: MLOpsClient) => Promise<unknown>;

const NAME = '가/ b?#%';
const ENCODED = '%EA%B0%80%2F%20b%3F%23%25';
const REPLY = { answer: '답' };

// what is asked, what goes over the wire, with which body
const CALLS: [string, Call, string, unknown?][] = [
  ['status', it => it.status(), 'GET status'],
  ['runs', it => it.runs(), 'GET runs'],
  ['run', it => it.run(NAME), `GET runs/${ENCODED}`],
  ['deleteRun', it => it.deleteRun('r1'), 'DELETE runs/r1'],
  ['restoreRun', it => it.restoreRun('r1'), 'POST runs/r1/restore'],
  [
    'createSnapshot',
    it => it.createSnapshot('폴더/내 노트.ipynb'),
    'POST snapshots',
    { notebook_path: '폴더/내 노트.ipynb', message: null }
  ],
  [
    'createSnapshot with a message',
    it => it.createSnapshot('a.ipynb', '깊이 4'),
    'POST snapshots',
    { notebook_path: 'a.ipynb', message: '깊이 4' }
  ],
  ['snapshot', it => it.snapshot('s1'), 'GET snapshots/s1'],
  [
    'snapshotNotebook',
    it => it.snapshotNotebook('s1'),
    'GET snapshots/s1/notebook'
  ],
  [
    'snapshotFigure',
    it => it.snapshotFigure('s1', 0),
    'GET snapshots/s1/figures/0'
  ],
  [
    'startHeadlessRun',
    it =>
      it.startHeadlessRun('폴더/a.ipynb', {
        parameters: { depth: '4' },
        kernel_name: null,
        timeout: 60
      }),
    'POST headless-runs',
    {
      notebook_path: '폴더/a.ipynb',
      parameters: { depth: '4' },
      kernel_name: null,
      timeout: 60
    }
  ],
  ['headlessRuns', it => it.headlessRuns(), 'GET headless-runs'],
  ['headlessRun', it => it.headlessRun('r1'), 'GET headless-runs/r1'],
  [
    'stopHeadlessRun',
    it => it.stopHeadlessRun('r1'),
    'POST headless-runs/r1/stop'
  ],
  ['models', it => it.models(), 'GET models'],
  ['model', it => it.model(NAME), `GET models/${ENCODED}`],
  [
    'registerModel',
    it => it.registerModel(NAME, { snapshot_id: 's1', variable: '모델' }),
    `POST models/${ENCODED}/versions`,
    { snapshot_id: 's1', variable: '모델' }
  ],
  [
    'modelVersion',
    it => it.modelVersion(NAME, 3),
    `GET models/${ENCODED}/versions/3`
  ],
  [
    'setAlias',
    it => it.setAlias(NAME, '최고', 3),
    `PUT models/${ENCODED}/aliases/%EC%B5%9C%EA%B3%A0`,
    { version: 3 }
  ],
  [
    'aliasChanges',
    it => it.aliasChanges(NAME),
    `GET models/${ENCODED}/alias-changes`
  ],
  ['deployments', it => it.deployments(), 'GET deployments'],
  ['deployment', it => it.deployment('d1'), 'GET deployments/d1'],
  [
    'deploy',
    it => it.deploy({ model_name: NAME, alias: 'champion' }),
    'POST deployments',
    { model_name: NAME, alias: 'champion' }
  ],
  ['stopDeployment', it => it.stopDeployment('d1'), 'POST deployments/d1/stop'],
  [
    'startDeployment',
    it => it.startDeployment('d1'),
    'POST deployments/d1/start'
  ],
  ['rollBack', it => it.rollBack('d1'), 'POST deployments/d1/rollback'],
  ['renewToken', it => it.renewToken('d1'), 'POST deployments/d1/token'],
  [
    'predict',
    it => it.predict('d1', { instances: [[1, null]] }),
    'POST deployments/d1/predict',
    { payload: { instances: [[1, null]] } }
  ],
  [
    'deploymentExample',
    it => it.deploymentExample('d1'),
    'GET deployments/d1/example'
  ]
];

// what is asked, and what the server reads of its query
const QUERIES: [string, Call, string, Record<string, string>][] = [
  [
    'a page of runs',
    it =>
      it.runs({ limit: 50, pageToken: 'a+b/c=&', notebookPath: '한 글&.py' }),
    'GET runs',
    { limit: '50', page_token: 'a+b/c=&', notebook_path: '한 글&.py' }
  ],
  [
    'the first page of runs',
    it => it.runs({ limit: 50, pageToken: null }),
    'GET runs',
    { limit: '50' }
  ],
  [
    'a page of models',
    it => it.models({ limit: 0, pageToken: 't' }),
    'GET models',
    { limit: '0', page_token: 't' }
  ],
  [
    'models alive',
    it => it.liveModels('폴더/a b?.ipynb'),
    'GET live-models',
    { notebook_path: '폴더/a b?.ipynb' }
  ],
  [
    'the end of a log',
    it => it.deploymentLog('d1', 200),
    'GET deployments/d1/log',
    { tail: '200' }
  ],
  ['a log', it => it.deploymentLog('d1'), 'GET deployments/d1/log', {}]
];

describe('a client', () => {
  let server: FakeServer;
  let client: MLOpsClient;

  beforeEach(() => {
    server = new FakeServer();
    client = createClient(server.settings);
  });

  it.each(CALLS)('asks for %s', async (_, call, request, body = null) => {
    server.on(request, REPLY);
    await expect(call(client)).resolves.toEqual(REPLY);
    expect(server.sent).toEqual([{ request, query: {}, body }]);
  });

  it.each(QUERIES)('asks for %s', async (_, call, request, query) => {
    server.on(request, REPLY);
    await expect(call(client)).resolves.toEqual(REPLY);
    expect(server.sent).toEqual([{ request, query, body: null }]);
  });

  it('takes an empty answer', async () => {
    const request = `DELETE deployments/${ENCODED}`;
    server.on(request, () => new Response(null, { status: 204 }));
    await expect(client.deleteDeployment(NAME)).resolves.toBeUndefined();
    expect(server.requests).toEqual([request]);
  });

  it('rejects with the sentence of the server', async () => {
    const message = '가 has no earlier version to return to.';
    server.refuse('POST deployments/d1/rollback', 409, message);
    const reason = await client.rollBack('d1').catch((error: unknown) => error);
    expect(reason).toBeInstanceOf(ServerConnection.ResponseError);
    expect((reason as ServerConnection.ResponseError).response.status).toBe(
      409
    );
    expect(errorMessage(reason)).toBe(message);
  });

  it('says the status where an error has no sentence', async () => {
    const tell = jest.spyOn(console, 'debug').mockReturnValue();
    const init = { status: 502, statusText: 'Bad Gateway' };
    server.on('GET status', () => new Response('<html>', init));
    await expect(client.status()).rejects.toThrow(
      new Error('Invalid response: 502 Bad Gateway')
    );
    tell.mockRestore();
  });

  it('rejects when the server cannot be reached', async () => {
    server.on('GET status', () => Promise.reject(new TypeError('no route')));
    const reason = await client.status().catch((error: unknown) => error);
    expect(reason).toBeInstanceOf(ServerConnection.NetworkError);
    expect(errorMessage(reason)).toBe('no route');
  });

  it('says it in the words that it was given', async () => {
    server.on('GET status', () => Promise.reject(new TypeError('no route')));
    const told = createClient(server.settings, 'Nobody answers');
    const reason = await told.status().catch((error: unknown) => error);
    expect(reason).toBeInstanceOf(ServerConnection.NetworkError);
    expect(errorMessage(reason)).toBe('Nobody answers');
  });
});

describe('errorMessage', () => {
  it.each([
    [new RangeError('too far'), 'too far'],
    ['a text', 'a text'],
    [undefined, 'undefined']
  ])('tells %p', (reason, message) => {
    expect(errorMessage(reason)).toBe(message);
  });
});
