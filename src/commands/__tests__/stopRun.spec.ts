import { Notification } from '@jupyterlab/apputils';

import { createMLOps } from '../../__tests__/mlops';
import { click, find } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import { stopRun } from '../stopRun';
import { openDialog } from './dialog';
import { told } from './notifications';

const RUN = {
  run_id: 'r1',
  name: 'train.ipynb',
  notebook_path: '폴더/train.ipynb',
  status: 'RUNNING',
  started_at: '2026-11-23T10:00:05.000Z',
  tags: { 'mlops.output_path': 'out.ipynb' }
};
const RERUN = {
  rerun_id: 'q1',
  state: 'running',
  created_at: '2026-11-23T10:00:00.000Z',
  steps: [
    { notebook_path: 'etl.ipynb', state: 'finished' },
    { notebook_path: '폴더/train.ipynb', state: 'running' },
    { notebook_path: 'report.ipynb', state: 'waiting' }
  ]
};
const STOP_ONE = 'POST headless-runs/r1/stop';
const STOP_ALL = 'DELETE reruns/q1';

describe('stopRun', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;

  beforeEach(() => {
    server = new FakeServer();
    server.on('GET runs/r1', RUN);
    server.on('GET headless-runs', { items: [] });
    server.on('GET reruns', { items: [], next_token: null });
    server.on(STOP_ONE, {});
    server.on(STOP_ALL, {});
    mlops = createMLOps(server);
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  it.each([
    ['RUNNING', 'running'],
    ['SCHEDULED', 'queued']
  ])('stops a headless run without a question: %s', async (status, state) => {
    server.on('GET runs/r1', { ...RUN, status });
    const items = [{ run_id: 'r1', state }];
    server.on('GET headless-runs', { items });
    expect(await stopRun(mlops, 'r1')).toBe(true);
    expect(server.requests).toContain(STOP_ONE);
    expect(told()).toEqual([]);
  });

  it.each([
    ['Cancel', false],
    ['Stop all', true]
  ])('asks where others are stopped too: %s', async (answer, isStopped) => {
    server.on('GET reruns', { items: [RERUN], next_token: null });
    const done = stopRun(mlops, 'r1');
    const dialog = await openDialog();
    expect(dialog.textContent).toContain('Stop 1 Other Notebook Too?');
    expect(dialog.textContent).toContain('report.ipynb');
    click(find(dialog, 'button', answer));
    expect(await done).toBe(isStopped);
    expect(server.requests.includes(STOP_ALL)).toBe(isStopped);
  });

  it('does not ask where it is the last of a rerun', async () => {
    const last = { ...RERUN, steps: RERUN.steps.slice(0, 2) };
    server.on('GET reruns', { items: [last], next_token: null });
    expect(await stopRun(mlops, 'r1')).toBe(true);
    expect(server.requests).toContain(STOP_ALL);
  });

  it.each([
    ['began before', { created_at: '2026-11-23T10:00:06.000Z' }],
    ['is over', { state: 'stopped' }]
  ])('is not misled by a rerun that %s', async (_, changes) => {
    const other = { ...RERUN, ...changes };
    server.on('GET reruns', { items: [other], next_token: null });
    expect(await stopRun(mlops, 'r1')).toBe(false);
    expect(server.requests).not.toContain(STOP_ALL);
  });

  it.each(['RUNNING', 'SCHEDULED'])(
    'says where else a run has to be stopped: %s',
    async status => {
      server.on('GET runs/r1', { ...RUN, status });
      expect(await stopRun(mlops, 'r1')).toBe(false);
      expect(told()).toEqual([
        'warning: train.ipynb was not stopped: this server has not begun it. Interrupt it where it was begun: in a terminal, say.'
      ]);
    }
  );

  it('says why it could not be', async () => {
    server.on('GET reruns', { items: [RERUN], next_token: null });
    server.refuse(STOP_ALL, 409, 'Another process runs it.');
    const done = stopRun(mlops, 'r1');
    click(find(await openDialog(), 'button', 'Stop all'));
    expect(await done).toBe(false);
    expect(told()).toEqual([
      'warning: train.ipynb was not stopped: Another process runs it.'
    ]);
  });

  it('lets be what has ended', async () => {
    server.on('GET runs/r1', { ...RUN, status: 'FINISHED' });
    expect(await stopRun(mlops, 'r1')).toBe(true);
    expect(told()).toEqual([]);
  });
});
