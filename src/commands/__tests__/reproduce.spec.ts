import { Notification } from '@jupyterlab/apputils';

import { createMLOps } from '../../__tests__/mlops';
import { click, enter, find } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import { reproduceSnapshot } from '../reproduce';
import { toleranceOf } from '../reproduceForm';
import { openDialog } from './dialog';
import { FakeCommands } from './fakeCommands';
import { pressAction, told } from './notifications';

const REPRODUCE = 'POST snapshots/s1/reproduce';
const RECEIPT = {
  receipt_id: 'q1',
  snapshot_id: 's1',
  notebook_path: 'train.ipynb',
  state: 'running',
  verdict: null,
  summary: null,
  progress: { phase: 'running', run: 1, cell: 2, cells: 5 }
};

describe('reproduceSnapshot', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;
  let commands: FakeCommands;

  beforeEach(() => {
    server = new FakeServer();
    server.on('GET snapshots/s1', {
      id: 's1',
      run_id: 'r1',
      metrics: { f1: 0.9 }
    });
    server.on(REPRODUCE, RECEIPT);
    mlops = createMLOps(server);
    commands = new FakeCommands();
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  const start = (environment: 'same' | 'rebuild' = 'same') =>
    reproduceSnapshot(
      mlops,
      commands,
      { runId: null, snapshotId: 's1' },
      { environment }
    );
  const accept = (dialog: HTMLElement) =>
    click(find(dialog, 'button.jp-mod-accept'));
  const ends = (changes: object) =>
    server.on('GET receipts/q1', { ...RECEIPT, progress: null, ...changes });

  it.each([
    [
      { state: 'completed', verdict: 'reproduced', summary: 'reproduced: all' },
      'success: train.ipynb: reproduced: all'
    ],
    [
      { state: 'completed', verdict: 'differs', summary: 'differs at cell 2' },
      'warning: train.ipynb: differs at cell 2'
    ],
    [
      { state: 'failed', summary: 'The kernel died.' },
      'error: train.ipynb: The kernel died.'
    ]
  ])('tells the end of %j', async (changes, sentence) => {
    const done = start();
    const dialog = await openDialog();
    enter(find<HTMLInputElement>(dialog, 'input[type=text]'), ' 1 % ');
    accept(dialog);
    ends(changes);
    expect(await done).toMatchObject(changes);
    expect(server.sent[1].body).toEqual({
      environment: 'same',
      downloads: false,
      twice: false,
      timeout: null,
      tolerances: { f1: { relative: 0.01, absolute: 0 } }
    });
    expect(told()).toEqual([sentence]);
    pressAction('Open');
    expect(commands.executed).toEqual([
      ['mlops:open-run', { runId: 'r1', snapshotId: 's1' }]
    ]);
  });

  it('allows as much for all metrics that are not named', async () => {
    const metrics = { f1: 0.9, loss: 0.1, auc: 0.95 };
    server.on('GET snapshots/s1', { id: 's1', run_id: 'r1', metrics });
    const done = start();
    const dialog = await openDialog();
    const [f1, , , others] = dialog.querySelectorAll('input[type=text]');
    expect(others.parentElement?.textContent).toBe('All others');
    enter(f1 as HTMLInputElement, '0');
    enter(others as HTMLInputElement, '1%');
    accept(dialog);
    ends({ state: 'completed', verdict: 'reproduced', summary: 'all' });
    await done;
    expect(server.sent[1].body).toMatchObject({
      tolerances: {
        f1: { relative: 0, absolute: 0 },
        '*': { relative: 0.01, absolute: 0 }
      }
    });
  });

  it('shows where it is, and can be cancelled', async () => {
    server.on('POST receipts/q1/stop', RECEIPT);
    const done = start('rebuild');
    const dialog = await openDialog();
    accept(dialog);
    while (told().length === 0) {
      await new Promise(later => setTimeout(later));
    }
    expect(told()).toEqual([
      'in-progress: Reproducing train.ipynb: cell 2 of 5'
    ]);
    pressAction('Cancel');
    ends({ state: 'stopped', summary: 'It was stopped.' });
    await done;
    expect(server.requests).toContain('POST receipts/q1/stop');
    expect(server.sent[1].body).toMatchObject({ environment: 'rebuild' });
  });

  it('waits for a server that does not answer, not for a receipt that is gone', async () => {
    const look = 'GET receipts/q1';
    server.refuse(look, 503, 'Later.');
    const done = start();
    accept(await openDialog());
    while (!server.requests.includes(look)) {
      await new Promise(later => setTimeout(later));
    }
    server.refuse(look, 404, 'There is no such receipt.');
    expect(await done).toMatchObject({ state: 'stopped' });
    expect(told()).toEqual(['warning: train.ipynb: stopped']);
  });

  it('tells why it did not begin', async () => {
    server.refuse(REPRODUCE, 409, 'It runs already.');
    const done = start();
    accept(await openDialog());
    expect(await done).toBeNull();
    expect(told()).toEqual([
      'warning: The snapshot was not reproduced: It runs already.'
    ]);
  });
});

describe('toleranceOf', () => {
  it.each([
    ['', null],
    ['  ', null],
    ['0.5', { relative: 0, absolute: 0.5 }],
    ['1e-3', { relative: 0, absolute: 0.001 }],
    [' 2 %', { relative: 0.02, absolute: 0 }]
  ])('reads %j', (text, tolerance) => {
    expect(toleranceOf(text)).toEqual(tolerance);
  });
});
