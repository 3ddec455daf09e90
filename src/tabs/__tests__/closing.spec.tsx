import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import { createMLOps, trans } from '../../__tests__/mlops';
import { settle } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { IMLOpsContext } from '../../hooks/context';
import { ListState } from '../../services/listState';
import { MLOpsManager } from '../../services/manager';
import { Pulse } from '../../services/pulse';
import { TabBody } from '../body';
import * as views from '../views';

// what does not load outside of a browser
jest.mock('../run/NotebookView', () => ({ NotebookView: () => null }));
jest.mock('../lineage/Graph', () => ({
  __esModule: true,
  default: () => null
}));
jest.mock('../../components/charts/Canvas', () => ({
  __esModule: true,
  default: () => null
}));

const TIME = '2026-11-23T10:00:00.000Z';
const RUN = {
  run_id: 'r1',
  name: 'train.ipynb',
  notebook_path: 'train.ipynb',
  lifecycle_stage: 'active',
  status: 'RUNNING',
  grade: null,
  author: 'kim',
  started_at: TIME,
  ended_at: null,
  snapshot_id: null,
  error: null,
  metrics: { f1: 0.9 },
  params: {},
  tags: { 'mlops.output_path': 'out.ipynb' }
};
const PAGES = ['runs', 'snapshots', 'reruns', 'experiments', 'headless-runs'];

function createServer(): FakeServer {
  const server = new FakeServer();
  for (const path of PAGES) {
    const items = path === 'runs' ? [RUN] : [];
    server.on(`GET ${path}`, { items, next_token: null });
  }
  const running = { ...RUN, state: 'running', cell: 1, cells: 2 };
  server.on('GET headless-runs', { items: [running] });
  server.on('GET runs/r1', RUN);
  server.on('GET run-columns', { metrics: ['f1'], params: [], tags: [] });
  server.on('GET run-curves', { keys: ['f1'] });
  server.on('GET stale', {
    items: [],
    causes: [],
    unknown: [],
    gone: [],
    checked: 0,
    cut: false
  });
  server.on('GET lineage', { nodes: [], edges: [], cut: false });
  server.on('GET status', { project: '/p', root: '/p', version: '1' });
  return server;
}

type AnySignal = Signal<unknown, unknown>;

/**
 * Counts what views leave on the manager and its lists, and the intervals that still run.
 */
function watch(): { slots: number; timers: Set<unknown> } {
  const left = { slots: 0, timers: new Set<unknown>() };
  for (const [name, change] of [
    ['connect', 1],
    ['disconnect', -1]
  ] as const) {
    const method = Signal.prototype[name];
    const counted = function (
      this: AnySignal,
      ...args: Parameters<AnySignal['connect']>
    ) {
      const isDone = method.apply(this, args);
      left.slots += isDone && isOurs(this) ? change : 0;
      return isDone;
    };
    jest.spyOn(Signal.prototype, name).mockImplementation(counted);
  }
  const { clearInterval, setInterval } = window;
  jest.spyOn(window, 'setInterval').mockImplementation(((
    ...args: Parameters<typeof setInterval>
  ) => {
    const timer = setInterval(...args);
    left.timers.add(timer);
    return timer;
  }) as typeof setInterval);
  jest.spyOn(window, 'clearInterval').mockImplementation(timer => {
    left.timers.delete(timer);
    clearInterval(timer);
  });
  return left;
}

function isOurs({ sender }: AnySignal): boolean {
  return [MLOpsManager, ListState, Pulse].some(kind => sender instanceof kind);
}

describe('a tab that is closed', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['RunTab', 'r1', 1, true],
    ['RunsTab', 'runs', 2, false],
    ['HistoryTab', 'train.ipynb', 1, false],
    ['CompareTab', 'r1,r2', 1, false],
    ['ModelTab', 'churn', 1, false],
    ['DeploymentTab', 'churn', 1, false],
    ['LineageTab', views.EVERYTHING, 2, true]
  ] as const)(
    'leaves nothing of %s behind',
    async (name, subject, least, looks) => {
      const mlops = createMLOps(createServer());
      const left = watch();
      const listened = jest.spyOn(document, 'addEventListener');
      const forgotten = jest.spyOn(document, 'removeEventListener');
      const context = { mlops, commands: new CommandRegistry(), trans };
      const tab = new TabBody(context as unknown as IMLOpsContext, subject);
      const View = views[name];
      await settle(() => Widget.attach(tab, document.body));
      await settle(() =>
        tab.showView(<View subject={subject} onTitle={() => undefined} />)
      );
      await settle();
      expect(left.slots).toBeGreaterThanOrEqual(least);
      expect(left.timers.size > 0).toBe(looks);
      await settle(() => tab.dispose());
      expect(left.slots).toBe(0);
      expect(left.timers.size).toBe(0);
      const isMeant = ([type]: unknown[]) => type === 'visibilitychange';
      expect(forgotten.mock.calls.filter(isMeant)).toHaveLength(
        listened.mock.calls.filter(isMeant).length
      );
      mlops.dispose();
    }
  );
});
