import { Notification } from '@jupyterlab/apputils';

import { createMLOps } from '../../__tests__/mlops';
import { click, enter, find } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import { eraseData } from '../erase';
import { openDialog } from './dialog';
import { pressAction, told } from './notifications';

const ERASABLE = {
  path: '고객.csv',
  versions: 2,
  size_bytes: 1200,
  paths: ['고객.csv', 'same.csv'],
  path_count: 5,
  in_project: true,
  notebooks: ['train.ipynb'],
  notebook_count: 4
};

describe('eraseData', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;

  beforeEach(() => {
    server = new FakeServer();
    server.on('GET erasures/preview', ERASABLE);
    server.on('POST erasures', {
      objects: 2,
      size_bytes: 800,
      erasable: ERASABLE
    });
    mlops = createMLOps(server);
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  it('says what is lost and what is not, and wants a reason', async () => {
    const done = eraseData(mlops, '고객.csv', null);
    const dialog = await openDialog();
    for (const text of [
      '2 versions, 1.2 kB',
      'same.csv',
      '3 more',
      '고객.csv in the project',
      'what train.ipynb and 3 more show of it'
    ]) {
      expect(dialog.textContent).toContain(text);
    }
    const button = find<HTMLButtonElement>(dialog, 'button.jp-mod-warn');
    const reason = find<HTMLTextAreaElement>(dialog, 'textarea');
    expect(button.disabled).toBe(true);
    enter(reason, '  ');
    expect(button.disabled).toBe(true);
    enter(reason, ' asked ');
    click(button);
    await done;
    const sent = server.sent.find(({ request }) => request === 'POST erasures');
    expect(sent?.body).toEqual({
      path: '고객.csv',
      version: null,
      reason: 'asked'
    });
    expect(told()[0]).toBe('warning: Erased 2 objects, 800 B');
    pressAction('What was not erased');
    const left = await openDialog();
    expect(left.textContent).toContain('backups');
    click(find(left, 'button.jp-mod-accept'));
  });

  it('erases nothing that was not confirmed', async () => {
    const done = eraseData(mlops, '고객.csv', 'abc');
    click(find(await openDialog(), 'button.jp-mod-reject'));
    expect(await done).toBeNull();
    expect(server.requests).not.toContain('POST erasures');
  });

  it('says why it cannot', async () => {
    server.refuse('GET erasures/preview', 404, 'No snapshot names it.');
    expect(await eraseData(mlops, 'x', null)).toBeNull();
    expect(told()[0]).toContain('Nothing was erased: No snapshot names it.');
  });
});
