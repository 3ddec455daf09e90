import { Notification } from '@jupyterlab/apputils';

import { createMLOps } from '../../__tests__/mlops';
import { click, find } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import {
  deleteDeployment,
  rollBack,
  startDeployment,
  stopDeployment
} from '../deployments';
import { openDialog } from './dialog';
import { told } from './notifications';

const GET = 'GET deployments/churn';
const ROLL_BACK = 'POST deployments/churn/rollback';
const DELETE = 'DELETE deployments/churn';
const DEPLOYMENT = { name: 'churn', version: 3, previous_version: 1 };

describe('deployments', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;
  let hint: jest.SpyInstance;

  beforeEach(() => {
    server = new FakeServer();
    server.on(GET, DEPLOYMENT);
    server.on(ROLL_BACK, { ...DEPLOYMENT, version: 1 });
    server.on(DELETE, () => new Response(null, { status: 204 }));
    mlops = createMLOps(server);
    hint = jest.spyOn(mlops.deployments, 'hint');
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  describe('rollBack', () => {
    it('is refused where there is no previous version', async () => {
      server.on(GET, { ...DEPLOYMENT, previous_version: null });
      await rollBack(mlops, 'churn');
      expect(server.requests).toEqual([GET]);
      expect(document.querySelector('.jp-Dialog')).toBeNull();
      expect(told()).toEqual([
        'warning: churn was not rolled back: it has served no other version.'
      ]);
    });

    it('says which version will answer, and asks first', async () => {
      const done = rollBack(mlops, 'churn');
      const dialog = await openDialog();
      expect(dialog.textContent).toContain('Roll Back churn?');
      expect(dialog.textContent).toContain(
        'Requests will be answered by version 1 instead of version 3.'
      );
      expect(server.requests).toEqual([GET]);
      click(find(dialog, 'button', 'Roll back'));
      await done;
      expect(server.requests).toEqual([GET, ROLL_BACK]);
      expect(told()).toEqual(['success: churn was rolled back to version 1']);
      expect(hint).toHaveBeenCalledTimes(1);
    });

    it('leaves it at that when the user cancels', async () => {
      const done = rollBack(mlops, 'churn');
      click(find(await openDialog(), 'button', 'Cancel'));
      await done;
      expect(server.requests).toEqual([GET]);
      expect(told()).toEqual([]);
    });

    it.each([
      ['cannot be read', GET, 'warning'],
      ['is refused by the server', ROLL_BACK, 'error']
    ])('tells why when it %s', async (_, request, type) => {
      server.refuse(request, 404, 'There is no deployment churn.');
      const done = rollBack(mlops, 'churn');
      if (request === ROLL_BACK) {
        click(find(await openDialog(), 'button', 'Roll back'));
      }
      await done;
      expect(told()).toEqual([
        `${type}: churn was not rolled back: There is no deployment churn.`
      ]);
    });
  });

  describe('deleteDeployment', () => {
    it('asks first', async () => {
      const done = deleteDeployment(mlops, 'churn');
      const dialog = await openDialog();
      expect(dialog.textContent).toContain('Delete churn?');
      expect(server.requests).toEqual([]);
      click(find(dialog, 'button', 'Delete'));
      await done;
      expect(server.requests).toEqual([DELETE]);
      expect(told()).toEqual(['success: churn deleted']);
      expect(hint).toHaveBeenCalledTimes(1);
    });

    it('leaves it at that when the user cancels', async () => {
      const done = deleteDeployment(mlops, 'churn');
      click(find(await openDialog(), 'button', 'Cancel'));
      await done;
      expect(server.requests).toEqual([]);
      expect(told()).toEqual([]);
    });
  });

  it.each([
    [stopDeployment, 'stop', 'stopped', 'churn stopped'],
    [startDeployment, 'start', 'running', 'churn started'],
    [startDeployment, 'start', 'pending', 'churn is starting']
  ])('%p: %s, %s', async (act, verb, state, message) => {
    server.on(`POST deployments/churn/${verb}`, { ...DEPLOYMENT, state });
    await act(mlops, 'churn');
    expect(told()).toEqual([`success: ${message}`]);
    expect(hint).toHaveBeenCalledTimes(1);
  });

  it.each([
    [stopDeployment, 'stop', 'churn was not stopped'],
    [startDeployment, 'start', 'churn was not started']
  ])('%p that fails is told', async (act, verb, what) => {
    server.refuse(`POST deployments/churn/${verb}`, 500, 'No gateway.');
    await act(mlops, 'churn');
    expect(told()).toEqual([`error: ${what}: No gateway.`]);
  });
});
