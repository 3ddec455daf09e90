import { Notification } from '@jupyterlab/apputils';

import { createMLOps } from '../../__tests__/mlops';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import { deleteSnapshots, pinSnapshot } from '../history';
import { click, find } from '../../__tests__/render';
import { openDialog } from './dialog';
import { pressAction, told } from './notifications';

async function answerDialog(name: string): Promise<void> {
  const dialog = await openDialog();
  click(find(dialog, 'button', name));
}

describe('what is done with snapshots', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;

  beforeEach(() => {
    server = new FakeServer();
    server.on('GET snapshots/s2', {
      id: 's2',
      run_id: 'r2',
      parent_id: 's1',
      pinned: true
    });
    server.on('PATCH snapshots/s2', {});
    server.on('DELETE snapshots/s2', {});
    server.on('POST snapshots/s2/undelete', {});
    mlops = createMLOps(server);
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  it('takes a pin away, and sends nothing else', async () => {
    await pinSnapshot(mlops, 's2');
    expect(server.sent.at(-1)).toMatchObject({
      request: 'PATCH snapshots/s2',
      body: { pinned: false }
    });
  });

  it('says why a pin was not changed', async () => {
    server.refuse('PATCH snapshots/s2', 507, 'The store is read-only.');
    await pinSnapshot(mlops, 's2', true);
    expect(told()).toEqual([
      'warning: The pin was not changed: The store is read-only.'
    ]);
  });

  it('asks before it deletes, and brings back', async () => {
    const cancelled = deleteSnapshots(mlops, ['s2']);
    await answerDialog('Cancel');
    await cancelled;
    expect(server.requests).toEqual([]);
    const deleting = deleteSnapshots(mlops, ['s2']);
    await answerDialog('Delete');
    await deleting;
    expect(server.requests).toEqual(['DELETE snapshots/s2']);
    pressAction('Undo');
    await new Promise(later => setTimeout(later, 10));
    expect(server.requests.at(-1)).toBe('POST snapshots/s2/undelete');
    expect(told()[0]).toBe('success: The snapshot is back');
  });

  it('deletes several at once, and brings all back', async () => {
    server.on('DELETE snapshots/s1', {});
    server.on('POST snapshots/s1/undelete', {});
    const deleting = deleteSnapshots(mlops, ['s2', 's1']);
    expect((await openDialog()).textContent).toContain('Delete 2 Snapshots?');
    await answerDialog('Delete');
    await deleting;
    expect(told()).toEqual(['success: 2 snapshots deleted']);
    pressAction('Undo');
    await new Promise(later => setTimeout(later, 10));
    expect(told()[0]).toBe('success: 2 snapshots are back');
    expect(server.requests).toEqual([
      'DELETE snapshots/s2',
      'DELETE snapshots/s1',
      'POST snapshots/s2/undelete',
      'POST snapshots/s1/undelete'
    ]);
  });

  it('says which version keeps a snapshot from being deleted', async () => {
    server.refuse('DELETE snapshots/s2', 409, 'churn version 1 needs it.');
    const deleting = deleteSnapshots(mlops, ['s2']);
    await answerDialog('Delete');
    await deleting;
    expect(told()[0]).toBe(
      'error: The snapshot was not deleted: churn version 1 needs it.'
    );
  });
});
