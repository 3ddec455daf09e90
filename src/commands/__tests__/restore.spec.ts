import { Notification } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';

import { createMLOps } from '../../__tests__/mlops';
import { click, enter, find, settle } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import { restoreSnapshot } from '../restore';
import { openDialog } from './dialog';
import { FakeCommands } from './fakeCommands';
import { pressAction, told } from './notifications';

const ID = 'abcdef0123456789';
const RESTORE = `POST snapshots/${ID}/restore`;
const RESTORED = {
  snapshot_id: ID,
  notebook_path: 'a/train 1.ipynb',
  files: [{ path: 'a/train 1.ipynb' }, { path: 'data.csv' }],
  left_out: [],
  masked: [],
  safety_snapshot_id: null,
  environment: null,
  kernel: null
};

describe('restoreSnapshot', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;
  let commands: FakeCommands;

  beforeEach(() => {
    server = new FakeServer();
    server.on('GET runs/r1', { snapshot_id: ID });
    server.on(`GET snapshots/${ID}`, {
      id: ID,
      notebook_path: '폴더/train 1.ipynb'
    });
    server.on('GET status', { project: '/home/kim', root: '/home' });
    mlops = createMLOps(server);
    commands = new FakeCommands();
    commands.addCommand('docmanager:open', {
      execute: args => void commands.executed.push(['docmanager:open', args]),
      describedBy: { args: null }
    });
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  const refreshSpecs = jest.fn(async () =>
    commands.executed.push(['refreshSpecs', {}])
  );
  const start = (documents: unknown = null) =>
    restoreSnapshot(
      mlops,
      commands,
      documents as IDocumentManager | null,
      { refreshSpecs: refreshSpecs as unknown as () => Promise<void> },
      { runId: 'r1', snapshotId: null }
    );
  const accept = (dialog: HTMLElement) =>
    click(find(dialog, 'button.jp-mod-accept'));
  const choose = (dialog: HTMLElement, label: string) => {
    const found = [...dialog.querySelectorAll('label')].find(node =>
      node.textContent?.startsWith(label)
    );
    click(found!.querySelector('input')!);
  };

  it('writes to a new folder, and opens the notebook', async () => {
    server.on(RESTORE, RESTORED);
    const done = start();
    const dialog = await openDialog();
    const folder = find<HTMLInputElement>(dialog, 'input[type=text]');
    expect(folder.value).toBe('train 1-abcdef01');
    enter(folder, ' 새 폴더 ');
    choose(dialog, 'Files that it wrote');
    choose(dialog, 'Environment');
    choose(dialog, 'As a kernel');
    choose(dialog, 'Allow downloads');
    accept(dialog);
    expect(await done).toEqual(RESTORED);
    expect(server.sent[server.sent.length - 1].body).toEqual({
      folder: '새 폴더',
      in_place: false,
      data: true,
      outputs: true,
      environment: true,
      downloads: true,
      kernel: false
    });
    expect(commands.executed).toEqual([
      ['docmanager:open', { path: 'kim/a/train 1.ipynb' }]
    ]);
    expect(told()).toEqual(['success: 2 files restored']);
  });

  it('opens the notebook when its kernel is known', async () => {
    const kernel = { name: 'mlops-a', display_name: 'Python (snapshot a)' };
    server.on(RESTORE, {
      ...RESTORED,
      environment: { python: '/python', notes: [] },
      kernel
    });
    const done = start();
    const dialog = await openDialog();
    choose(dialog, 'Environment');
    accept(dialog);
    await done;
    expect(server.sent[server.sent.length - 1].body).toMatchObject({
      environment: true,
      kernel: true
    });
    expect(commands.executed.map(([name]) => name)).toEqual([
      'refreshSpecs',
      'docmanager:open'
    ]);
    expect(told()).toEqual([
      'success: 2 files restored · kernel: Python (snapshot a)'
    ]);
  });

  it('saves an open notebook first, and shows what is there then', async () => {
    const order: string[] = [];
    const context = {
      model: { dirty: true },
      save: async () => {
        order.push('save');
        context.model.dirty = false;
      },
      revert: async () => void order.push('revert')
    };
    const findWidget = jest.fn((path: string) =>
      path.endsWith('train 1.ipynb') ? { context } : undefined
    );
    server.on(RESTORE, () => {
      order.push('restore');
      return Response.json({ ...RESTORED, safety_snapshot_id: 'f' });
    });
    const done = start({ findWidget });
    const dialog = await openDialog();
    choose(dialog, 'In place');
    accept(dialog);
    await done;
    expect(findWidget).toHaveBeenCalledWith('kim/폴더/train 1.ipynb');
    expect(order).toEqual(['save', 'restore', 'revert']);
    expect(told()[0]).toContain('what was there before is in a snapshot');
  });

  it('is taken back by one click', async () => {
    server.on(RESTORE, { ...RESTORED, safety_snapshot_id: 'f00' });
    const files = [{ path: 'data.csv' }];
    const undone = { ...RESTORED, snapshot_id: 'f00', files };
    server.on('POST snapshots/f00/restore', undone);
    const done = start();
    const dialog = await openDialog();
    choose(dialog, 'In place');
    accept(dialog);
    await done;
    pressAction('Undo');
    await settle();
    expect(server.sent[server.sent.length - 1].body).toMatchObject({
      in_place: true,
      data: true,
      environment: false
    });
    expect(told()[0]).toBe('success: 1 file restored');
  });

  it('shows in editors what their files hold now', async () => {
    const reverted: string[] = [];
    const findWidget = (path: string) => ({
      context: {
        model: { dirty: path.endsWith('mine.py') },
        revert: async () => void reverted.push(path)
      }
    });
    server.on(RESTORE, {
      ...RESTORED,
      files: [{ path: 'helper.py' }, { path: 'mine.py' }]
    });
    const done = start({ findWidget });
    const dialog = await openDialog();
    choose(dialog, 'In place');
    accept(dialog);
    await done;
    expect(reverted.filter(path => path.endsWith('.py'))).toEqual([
      'kim/helper.py'
    ]);
  });

  it('tells what was left out', async () => {
    server.on(RESTORE, {
      ...RESTORED,
      left_out: [{ path: '.env', reason: 'Secret.', advice: 'Copy it.' }],
      masked: ['notebook']
    });
    const done = start();
    accept(await openDialog());
    await done;
    expect(told()).toEqual(['warning: 2 files restored · 2 remarks']);
  });

  it('tells why nothing was restored', async () => {
    server.refuse(RESTORE, 409, 'It is not empty.');
    const done = start();
    accept(await openDialog());
    expect(await done).toBeNull();
    expect(told()).toEqual(['error: Nothing was restored: It is not empty.']);
  });

  it('does nothing without a snapshot', async () => {
    server.on('GET runs/r1', { snapshot_id: null });
    expect(await start()).toBeNull();
    expect(told()).toEqual([
      'warning: Nothing was restored: there is no snapshot.'
    ]);
  });

  it('does nothing when it is cancelled', async () => {
    const done = start();
    click(find(await openDialog(), 'button.jp-mod-reject'));
    expect(await done).toBeNull();
    expect(server.requests).not.toContain(RESTORE);
  });
});
