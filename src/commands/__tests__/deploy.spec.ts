import { Notification } from '@jupyterlab/apputils';

import { createMLOps } from '../../__tests__/mlops';
import { click, enter, find } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import { deployModel } from '../deploy';
import type { IDeployment } from '../deployForm';
import { CommandIDs } from '../ids';
import { openDialog } from './dialog';
import { FakeCommands } from './fakeCommands';
import { pressAction, told } from './notifications';

const POST = 'POST deployments';
const CREATED = {
  name: 'churn',
  version: 2,
  state: 'running',
  token: 'secret'
};
const OPENED = [CommandIDs.openDeployment, { name: 'churn' }];

function model(name: string): object {
  return { name, latest_version: 2, aliases: { champion: 1 } };
}

describe('deployModel', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;
  let commands: FakeCommands;

  const deploy = (wanted: Partial<IDeployment>) =>
    deployModel(mlops, commands, wanted);
  const posted = () =>
    server.sent.filter(({ request }) => request === POST).map(it => it.body);

  beforeEach(() => {
    server = new FakeServer();
    server.on(POST, CREATED);
    server.on('GET deployments', { items: [], next_token: null });
    server.on('GET models', ({ query }) =>
      Response.json(
        query.page_token === 'next'
          ? { items: [model('이탈 예측')], next_token: null }
          : { items: [model('churn')], next_token: 'next' }
      )
    );
    mlops = createMLOps(server);
    commands = new FakeCommands();
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  it('deploys what is asked for without a question', async () => {
    const hint = jest.spyOn(mlops.deployments, 'hint');
    const made = await deploy({ model: 'churn', version: 2 });
    expect(made).toEqual(CREATED);
    expect(server.sent).toEqual([
      {
        request: POST,
        query: {},
        body: { model_name: 'churn', version: 2, alias: null, name: null }
      }
    ]);
    expect(commands.executed).toEqual([OPENED]);
    expect(hint).toHaveBeenCalledTimes(1);
    pressAction('Open');
    expect(commands.executed).toEqual([OPENED, OPENED]);
  });

  it('keeps the token, which the server shows only once', async () => {
    await deploy({ model: 'churn', alias: 'champion' });
    expect(mlops.tokenOf('churn')).toBe('secret');
    server.on(POST, { ...CREATED, token: null });
    await deploy({ model: 'churn', version: 1 });
    expect(mlops.tokenOf('churn')).toBe('secret');
  });

  it.each([
    ['running', 'success: churn serves version 2'],
    ['pending', 'success: churn is starting with version 2']
  ])('tells that it is %s', async (state, message) => {
    server.on(POST, { ...CREATED, state });
    await deploy({ model: 'churn', version: 2 });
    expect(told()).toEqual([message]);
  });

  it('tells why nothing was deployed', async () => {
    server.refuse(POST, 409, 'The gateway does not start.');
    await expect(deploy({ model: 'churn', version: 2 })).resolves.toBeNull();
    expect(told()).toEqual([
      'error: Nothing was deployed: The gateway does not start.'
    ]);
    expect(commands.executed).toEqual([]);
    expect(mlops.tokenOf('churn')).toBeNull();
  });

  it('asks for the version, of any model there is', async () => {
    const done = deploy({});
    const dialog = await openDialog();
    const [models, versions] = dialog.querySelectorAll('select');
    expect([...models.options].map(({ value }) => value)).toEqual([
      'churn',
      '이탈 예측'
    ]);
    enter(versions, '@champion');
    click(find(dialog, 'button', 'Deploy'));
    await done;
    expect(posted()).toEqual([
      { model_name: 'churn', version: null, alias: 'champion', name: null }
    ]);
  });

  it('asks for a name where the server can make none', async () => {
    const done = deploy({ model: '이탈 예측', version: 1 });
    const dialog = await openDialog();
    enter(find(dialog, 'input[type=text]'), 'churn-kr');
    click(find(dialog, 'button', 'Deploy'));
    await done;
    expect(posted()).toEqual([
      { model_name: '이탈 예측', version: 1, alias: null, name: 'churn-kr' }
    ]);
  });

  it('does not ask for a name that is given', async () => {
    await deploy({ model: '이탈 예측', version: 1, name: 'mine' });
    expect(posted()).toEqual([
      { model_name: '이탈 예측', version: 1, alias: null, name: 'mine' }
    ]);
  });

  it('leaves it at that when the user cancels', async () => {
    const done = deploy({ model: 'churn' });
    click(find(await openDialog(), 'button', 'Cancel'));
    await expect(done).resolves.toBeNull();
    expect(posted()).toEqual([]);
    expect(told()).toEqual([]);
  });

  it('says so where there is no model', async () => {
    server.on('GET models', { items: [], next_token: null });
    await expect(deploy({})).resolves.toBeNull();
    expect(told()).toEqual([
      'warning: Nothing was deployed: there is no model yet. Register one first.'
    ]);
  });

  it('says so where it cannot ask', async () => {
    server.refuse('GET deployments', 503, 'The store is locked.');
    await expect(deploy({})).resolves.toBeNull();
    expect(told()).toEqual([
      'warning: Nothing was deployed: The store is locked.'
    ]);
  });
});
