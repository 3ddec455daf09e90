import { Notification } from '@jupyterlab/apputils';

import { createMLOps } from '../../__tests__/mlops';
import { click, enter, find } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import { setAlias } from '../alias';
import { openDialog } from './dialog';
import { told } from './notifications';

const CHAMPION = 'PUT models/churn/aliases/champion';
const MODEL = {
  name: 'churn',
  latest_version: 2,
  aliases: { champion: 1 },
  versions: [{ version: 2 }, { version: 1 }]
};

describe('setAlias', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;

  beforeEach(() => {
    server = new FakeServer();
    server.on('GET models/churn', MODEL);
    server.on(CHAMPION, MODEL);
    mlops = createMLOps(server);
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  it('sets what is given without a question', async () => {
    const hint = jest.spyOn(mlops.models, 'hint');
    await setAlias(mlops, 'churn', { alias: 'champion', version: 2 });
    expect(server.requests).toEqual([CHAMPION]);
    expect(server.sent[0].body).toEqual({ version: 2 });
    expect(told()).toEqual(['success: churn version 2 is now champion']);
    expect(hint).toHaveBeenCalledTimes(1);
  });

  it('asks for what is not given', async () => {
    const done = setAlias(mlops, 'churn', { version: 1 });
    const dialog = await openDialog();
    expect(find<HTMLSelectElement>(dialog, 'select').value).toBe('1');
    enter(find(dialog, 'input'), 'champion');
    click(find(dialog, 'button', 'Set'));
    await expect(done).resolves.toEqual(MODEL);
    expect(server.sent.at(-1)).toMatchObject({
      request: CHAMPION,
      body: { version: 1 }
    });
  });

  it('leaves it at that when the user cancels', async () => {
    const done = setAlias(mlops, 'churn', {});
    click(find(await openDialog(), 'button', 'Cancel'));
    await expect(done).resolves.toBeNull();
    expect(server.requests).toEqual(['GET models/churn']);
  });

  it.each([
    ['GET models/churn', {}, 'warning'],
    [CHAMPION, { alias: 'champion', version: 2 }, 'error']
  ])('tells why %s failed', async (request, given, type) => {
    server.refuse(request, 404, 'There is no model churn.');
    await expect(setAlias(mlops, 'churn', given)).resolves.toBeNull();
    expect(told()).toEqual([
      `${type}: The alias was not set: There is no model churn.`
    ]);
  });
});
