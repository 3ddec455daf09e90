import { Notification } from '@jupyterlab/apputils';

import { createMLOps } from '../../__tests__/mlops';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import { deleteRuns } from '../runs';
import { pressAction, told } from './notifications';

const DELETE = 'DELETE runs/r1';
const RESTORE = 'POST runs/r1/restore';

async function finished(): Promise<void> {
  while (told()[0].startsWith('in-progress')) {
    await new Promise(later => setTimeout(later));
  }
}

describe('deleteRuns', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;

  beforeEach(() => {
    server = new FakeServer();
    server.on(DELETE, { name: '첫 실행' });
    server.on(RESTORE, { name: '첫 실행' });
    mlops = createMLOps(server);
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  it('deletes at once, and can be undone', async () => {
    const hint = jest.spyOn(mlops.runs, 'hint');
    await deleteRuns(mlops, ['r1']);
    expect(told()).toEqual(['success: Run 첫 실행 deleted']);
    expect(hint).toHaveBeenCalledTimes(1);
    pressAction('Undo');
    await finished();
    expect(server.requests).toEqual([DELETE, RESTORE]);
    expect(told()[0]).toBe('success: Run 첫 실행 restored');
    expect(hint).toHaveBeenCalledTimes(2);
  });

  it('tells why it was not deleted', async () => {
    server.refuse(DELETE, 404, 'There is no run r1.');
    await deleteRuns(mlops, ['r1']);
    expect(told()).toEqual([
      'error: The run was not deleted: There is no run r1.'
    ]);
  });

  it('tells why it was not restored', async () => {
    server.refuse(RESTORE, 409, 'It is gone for good.');
    await deleteRuns(mlops, ['r1']);
    pressAction('Undo');
    await finished();
    expect(told()[0]).toBe(
      'error: The run was not restored: It is gone for good.'
    );
  });
});
