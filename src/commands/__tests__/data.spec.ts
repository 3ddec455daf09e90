import { Notification } from '@jupyterlab/apputils';
import type { IDocumentManager } from '@jupyterlab/docmanager';

import { createMLOps } from '../../__tests__/mlops';
import { click, enter, find, settle } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import { getData, restoreData } from '../data';
import { openDialog } from './dialog';
import { pressAction, told } from './notifications';

const PATH = 'data/고객 1.csv';
const VERSION = 'abcdef0123456789';
const CHECKOUTS = 'POST data/checkouts';
const COPY = {
  path: PATH,
  digest: VERSION,
  size: 5,
  target: PATH,
  replaced: 'ffff',
  safety_snapshot_id: 's1'
};

describe('versions of data', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;

  beforeEach(() => {
    server = new FakeServer();
    server.on('GET status', { project: '/home/kim', root: '/home' });
    server.on(CHECKOUTS, COPY);
    mlops = createMLOps(server);
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  const accept = (dialog: HTMLElement) =>
    click(find(dialog, 'button.jp-mod-accept'));
  const bodies = () =>
    server.sent
      .filter(({ request }) => request === CHECKOUTS)
      .map(({ body }) => body);

  it('are written to a new path', async () => {
    const done = getData(mlops, PATH, VERSION);
    const dialog = await openDialog();
    const path = find<HTMLInputElement>(dialog, 'input');
    expect(path.value).toBe('data/고객 1-abcdef01.csv');
    enter(path, ' 새.csv ');
    accept(dialog);
    await done;
    expect(bodies()).toEqual([
      { path: PATH, version: VERSION, target: '새.csv', in_place: false }
    ]);
    expect(told()[0]).toContain('Written to 새.csv');
  });

  it('of files elsewhere are proposed for the project', async () => {
    const done = getData(mlops, '/data/raw', VERSION);
    const dialog = await openDialog();
    expect(find<HTMLInputElement>(dialog, 'input').value).toBe('raw-abcdef01');
    click(find(dialog, 'button.jp-mod-reject'));
    await done;
    expect(bodies()).toEqual([]);
  });

  it('are put in place, shown by open editors, and taken back', async () => {
    const revert = jest.fn(async () => undefined);
    const findWidget = jest.fn(() => ({
      context: { model: { dirty: false }, revert }
    }));
    const documents = { findWidget } as unknown as IDocumentManager;
    const done = restoreData(mlops, documents, PATH, VERSION);
    accept(await openDialog());
    await done;
    expect(findWidget).toHaveBeenCalledWith(`kim/${PATH}`, null);
    expect(revert).toHaveBeenCalledTimes(1);
    expect(told()[0]).toContain('what was there before is in a snapshot');
    server.on(CHECKOUTS, { ...COPY, replaced: null, safety_snapshot_id: null });
    await settle(() => pressAction('Undo'));
    expect(bodies()).toEqual([
      { path: PATH, version: VERSION, target: null, in_place: true },
      { path: PATH, version: 'ffff', target: null, in_place: true }
    ]);
  });

  it('stay where they are unless it is wanted, and say what failed', async () => {
    const asked = restoreData(mlops, null, PATH, VERSION);
    click(find(await openDialog(), 'button.jp-mod-reject'));
    expect(await asked).toBeNull();
    server.refuse(CHECKOUTS, 409, 'No snapshot keeps it.');
    expect(await restoreData(mlops, null, PATH, VERSION, true)).toBeNull();
    expect(told()[0]).toContain('Nothing was replaced: No snapshot keeps it.');
  });
});
