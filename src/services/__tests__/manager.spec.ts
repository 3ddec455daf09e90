import type { Event } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import { FakeServer } from '../../api/__tests__/server';
import type { IServerEvent } from '../../tokens';
import { MLOpsManager } from '../manager';

const SCHEMAS = 'https://events.jupyter.org/jupyter_mlops';
const EMPTY = { items: [], next_token: null };

describe('MLOpsManager', () => {
  let server: FakeServer;
  let stream: Signal<unknown, Event.Emission>;
  let manager: MLOpsManager;
  let told: IServerEvent[];

  const advance = (ms = 100) => jest.advanceTimersByTimeAsync(ms);
  const emit = (schema_id: string, action: string, id: string) =>
    stream.emit({ schema_id, action, id });
  const requestsIn = async (ms?: number) => {
    server.sent.length = 0;
    await advance(ms);
    return server.requests;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    server = new FakeServer();
    for (const list of ['runs', 'models', 'deployments']) {
      server.on(`GET ${list}`, EMPTY);
    }
    stream = new Signal<unknown, Event.Emission>({});
    manager = new MLOpsManager({
      events: { stream } as unknown as Event.IManager,
      serverSettings: server.settings,
      trans: nullTranslator.load('jupyter_mlops')
    });
    told = [];
    manager.serverChanged.connect((_, event) => void told.push(event));
  });

  afterEach(() => {
    manager.dispose();
    jest.useRealTimers();
  });

  describe('events', () => {
    const watchAll = async () => {
      manager.runs.watch();
      manager.models.watch();
      manager.deployments.watch();
      await advance();
      server.sent.length = 0;
    };

    it.each([
      ['tracking', 'GET runs'],
      ['snapshots', 'GET runs'],
      ['registry', 'GET models'],
      ['deployments', 'GET deployments']
    ])('of %s make it %s', async (room, request) => {
      await watchAll();
      emit(`${SCHEMAS}/${room}/v1`, 'created', 'x1');
      await advance();
      expect(server.requests).toEqual([request]);
      expect(told).toEqual([{ room, action: 'created', id: 'x1' }]);
    });

    it.each([
      `${SCHEMAS}/tracking/v2`,
      `${SCHEMAS}/kernels/v1`,
      `prefix/${SCHEMAS}/tracking/v1`,
      `${SCHEMAS}/tracking/v1/suffix`,
      'https://events.jupyter.org/jupyter_server/contents_service/v1'
    ])('of others are not ours: %s', async schema => {
      await watchAll();
      emit(schema, 'created', 'x1');
      await advance();
      expect(server.requests).toEqual([]);
      expect(told).toEqual([]);
    });

    it('make nothing be read that nobody looks at', async () => {
      emit(`${SCHEMAS}/tracking/v1`, 'changed', 'r1');
      await advance();
      expect(server.requests).toEqual([]);
      expect(told).toHaveLength(1);
    });
  });

  describe('collections', () => {
    it.each(['runs', 'models'] as const)('page the %s', async name => {
      server.on(`GET ${name}`, ({ query }) =>
        Response.json(
          query.page_token === 'next'
            ? { items: [{ name: 'b' }], next_token: null }
            : { items: [{ name: 'a' }], next_token: 'next' }
        )
      );
      await manager[name].refresh();
      await manager[name].loadMore();
      expect(manager[name].items).toEqual([{ name: 'a' }, { name: 'b' }]);
      expect(manager[name].hasMore).toBe(false);
      expect(server.sent.map(({ query }) => query)).toEqual([
        { limit: '50' },
        { limit: '50' },
        { limit: '50', page_token: 'next' }
      ]);
    });

    it.each([
      ['runs', { status: 'RUNNING' }, { status: 'FINISHED' }],
      ['deployments', { state: 'pending' }, { state: 'running' }]
    ] as const)(
      'follow %s closely until %j is over',
      async (name, ...states) => {
        server.on(`GET ${name}`, { items: [states[0]], next_token: null });
        manager[name].watch();
        await advance();
        expect(await requestsIn(3_000)).toHaveLength(3);
        server.on(`GET ${name}`, { items: [states[1]], next_token: null });
        await advance(1_000);
        expect(await requestsIn(9_000)).toEqual([]);
      }
    );
  });

  describe('tokens', () => {
    beforeEach(() => {
      manager.rememberToken('churn', 'secret');
      manager.rememberToken('iris', 'other');
    });

    it('are remembered by deployment', () => {
      manager.rememberToken('churn', 'renewed');
      expect(manager.tokenOf('churn')).toBe('renewed');
      expect(manager.tokenOf('iris')).toBe('other');
      expect(manager.tokenOf('nothing')).toBeNull();
    });

    it('are forgotten when their deployment is deleted', () => {
      emit(`${SCHEMAS}/deployments/v1`, 'deleted', 'churn');
      expect(manager.tokenOf('churn')).toBeNull();
      expect(manager.tokenOf('iris')).toBe('other');
    });

    it.each([
      ['deployments', 'changed'],
      ['deployments', 'created'],
      ['registry', 'deleted'],
      ['tracking', 'deleted']
    ])('survive that something of %s is %s', (room, action) => {
      emit(`${SCHEMAS}/${room}/v1`, action, 'churn');
      expect(manager.tokenOf('churn')).toBe('secret');
    });
  });

  describe('dispose', () => {
    it('ends all that it does by itself', async () => {
      const { runs, models, deployments } = manager;
      for (const collection of [runs, models, deployments]) {
        collection.watch();
      }
      await advance();
      manager.dispose();
      manager.dispose();
      emit(`${SCHEMAS}/tracking/v1`, 'created', 'r1');
      expect(await requestsIn(100_000)).toEqual([]);
      expect(told).toEqual([]);
      expect(manager.isDisposed).toBe(true);
      for (const collection of [runs, models, deployments]) {
        expect(collection.isDisposed).toBe(true);
      }
    });
  });
});
