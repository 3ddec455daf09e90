import * as React from 'react';

import type { Deployment, Prediction } from '../../../api/types';
import { CommandIDs } from '../../../commands/ids';
import { Harness, Refusal, until } from '../../model/__tests__/harness';
import { DeploymentTab } from '../DeploymentTab';

const GATEWAY = 'http://127.0.0.1:8081';
const DEPLOYMENT: Deployment = {
  name: 'churn',
  target: 'local',
  state: 'running',
  message: null,
  model_name: '이탈 예측',
  version: 2,
  revision: 2,
  previous_version: 1,
  url: `${GATEWAY}/v2/models/churn`,
  invocations_url: `${GATEWAY}/serve/churn/invocations`,
  proxy_path: 'mlops/serve/churn',
  created_at: '2026-11-01T10:00:00Z',
  updated_at: '2026-11-02T10:00:00Z',
  author: 'kim',
  revisions: [2, 1].map(number => ({
    revision: number,
    model_name: '이탈 예측',
    version: number,
    created_at: '2026-11-02T10:00:00Z',
    author: 'lee'
  })),
  requests: 7,
  errors: 3
};
const PAYLOAD = { dataframe_split: { columns: ['age'], data: [[41]] } };
const PREDICTION: Prediction = {
  response: { predictions: [1] },
  status_code: 200,
  duration_ms: 6.2531
};
const SIGNATURE = { inputs: [{ type: 'double', name: 'age' }], outputs: null };

describe('DeploymentTab', () => {
  let harness: Harness;

  const serve = (...items: Deployment[]) => {
    harness.routes['GET deployments'] = { items, next_token: null };
    harness.emit('deployments', 'changed', 'churn');
  };
  const show = () =>
    harness.body.showView(<DeploymentTab name={DEPLOYMENT.name} />);
  const button = (name: string) =>
    harness.see<HTMLButtonElement>('button:not([role])', name);
  const request = () => harness.see<HTMLTextAreaElement>('textarea');
  const posts = () =>
    harness.sent
      .filter(({ request: sent }) => sent.startsWith('POST'))
      .map(({ body }) => body);
  const press = async (label: string) => {
    const found = await until(
      () =>
        [...document.querySelectorAll<HTMLElement>('.jp-Dialog button')].find(
          node => node.textContent === label
        ) ?? null,
      `a dialog with ${label}`
    );
    found.click();
  };

  beforeEach(() => {
    harness = new Harness({
      'GET deployments/churn/example': { payload: PAYLOAD },
      'GET deployments/churn/log': { lines: ['loading', 'ready: 한글'] },
      'GET models/이탈 예측/versions/2': { signature: SIGNATURE },
      'POST deployments/churn/predict': PREDICTION
    });
    serve(DEPLOYMENT);
  });

  afterEach(() => harness.dispose());

  it('shows state, model, address and counts', async () => {
    show();
    await harness.read('running');
    await harness.read('Requests7Errors3');
    await harness.see('code', DEPLOYMENT.url!);
    await harness.see('code', 'http://localhost:8888/mlops/serve/churn');
    await harness.click('이탈 예측 v2');
    expect(harness.executed).toEqual([
      [CommandIDs.openModel, { name: '이탈 예측', version: 2 }]
    ]);
  });

  it('offers what its state allows', async () => {
    show();
    for (const name of ['Roll back', 'Stop', 'Delete']) {
      (await button(name)).click();
    }
    expect(harness.find('button', 'Start')).toBeNull();
    serve({ ...DEPLOYMENT, state: 'stopped', previous_version: null });
    (await button('Start')).click();
    expect(harness.find('button', 'Stop')).toBeNull();
    expect((await button('Roll back')).disabled).toBe(true);
    expect(harness.executed.map(([id]) => id)).toEqual([
      CommandIDs.rollBackDeployment,
      CommandIDs.stopDeployment,
      CommandIDs.deleteDeployment,
      CommandIDs.startDeployment
    ]);
  });

  it('says why it failed and where to look', async () => {
    serve({ ...DEPLOYMENT, state: 'failed', message: 'No module sklearn.' });
    show();
    await harness.read('No module sklearn.');
    await harness.read('The Log below tells more.');
  });

  it('sends the example, and returns to it', async () => {
    show();
    const area = await request();
    await until(() => area.value !== '', 'the example');
    expect(JSON.parse(area.value)).toEqual(PAYLOAD);
    expect((await button('Reset')).disabled).toBe(true);
    (await button('Try it')).click();
    await harness.read('Status 200 after 6.25 ms');
    await harness.read('{"predictions": [1]}');
    await harness.click('Log', '[role=tab]');
    await harness.click('Try it', '[role=tab]');
    await harness.read('{"predictions": [1]}');
    const edited = await request();
    const reset = await button('Reset');
    harness.type(edited, '{"instances": [[1]]}');
    await until(() => !reset.disabled, 'a change');
    (await button('Try it')).click();
    await until(() => posts().length === 2, 'a second request');
    expect(posts()).toEqual([
      { payload: PAYLOAD },
      { payload: { instances: [[1]] } }
    ]);
    reset.click();
    await until(() => edited.value.includes('age'), 'the example');
  });

  it('refuses what is no JSON at once', async () => {
    show();
    const area = await request();
    harness.type(area, '{"a": ');
    await harness.read('This is not valid JSON: ');
    expect((await button('Try it')).disabled).toBe(true);
    await harness.click('Code');
    await harness.read('Write a valid request under Try it first.');
    await harness.click('Try it', '[role=tab]');
    expect((await request()).value).toBe('{"a": ');
  });

  it('tells what model and server say against a request', async () => {
    show();
    const area = await request();
    await until(() => area.value !== '', 'the example');
    const message = 'The data lacks the columns 이름.';
    harness.routes['POST deployments/churn/predict'] = {
      ...PREDICTION,
      status_code: 400,
      response: { error_code: 'BAD_REQUEST', message }
    };
    (await button('Try it')).click();
    await harness.read(`Status 400 after 6.25 ms: ${message}`);
    const refusal = new Refusal(503, 'The gateway does not answer.');
    harness.routes['POST deployments/churn/predict'] = refusal;
    (await button('Try it')).click();
    await until(
      () => harness.find('p', 'The gateway does not answer.'),
      'the refusal'
    );
    expect(harness.text).not.toContain(message);
  });

  it('says that the model has no example', async () => {
    harness.routes['GET deployments/churn/example'] = { payload: null };
    show();
    await harness.read('This version has no input example.');
    expect((await request()).value).toBe('{"inputs": []}');
  });

  it('shows the token only when asked, and puts it into the code', async () => {
    harness.manager.rememberToken('churn', 'se-cret');
    show();
    await button('Show');
    expect(harness.text).not.toContain('se-cret');
    await harness.click('Show');
    await harness.see('code', 'se-cret');
    await harness.click('Code');
    await harness.read('Bearer se-cret');
    await harness.read(`curl -sS '${GATEWAY}/serve/churn/invocations'`);
    await harness.read(`"${GATEWAY}/v2/models/churn/infer"`);
    // the signature says that the whole number is none
    await harness.read('"datatype": "FP64"');
  });

  it('makes a new token after a warning', async () => {
    show();
    await harness.click('New token');
    await press('Cancel');
    await harness.click('New token');
    harness.routes['POST deployments/churn/token'] = { token: 'new-one' };
    await until(
      () => document.querySelector('.jp-Dialog')?.textContent ?? null,
      'a dialog'
    ).then(text => expect(text).toContain('The old token becomes void'));
    await press('New token');
    await harness.click('Show');
    await harness.see('code', 'new-one');
    expect(harness.manager.tokenOf('churn')).toBe('new-one');
    expect(posts()).toHaveLength(1);
  });

  it('has no code without a URL', async () => {
    const nowhere = { url: null, invocations_url: null };
    serve({ ...DEPLOYMENT, ...nowhere, state: 'stopped' });
    show();
    await harness.click('Code');
    await harness.read('There is no URL while the gateway does not run.');
  });

  it('lists the revisions and which one serves', async () => {
    show();
    await harness.click('Revisions');
    const row = await harness.see('tr[aria-current]');
    expect(row.textContent).toContain('2이탈 예측 v2');
    expect(row.textContent).toContain('running');
    expect(harness.body.node.querySelectorAll('tbody tr')).toHaveLength(2);
  });

  it('reads the log again when asked', async () => {
    serve({ ...DEPLOYMENT, state: 'stopped' });
    show();
    await harness.click('Log');
    const log = await harness.see('[role=log]');
    await until(() => log.textContent === 'loading\nready: 한글', 'the log');
    harness.routes['GET deployments/churn/log'] = { lines: ['again'] };
    await harness.click('Refresh');
    await until(() => log.textContent === 'again', 'the new log');
    harness.routes['GET deployments/churn/log'] = new Refusal(500, 'No log.');
    await harness.click('Refresh');
    await harness.read('No log.');
    expect(log.textContent).toBe('again');
  });

  it('follows the log while it is seen', async () => {
    const reads = () =>
      harness.sent.filter(({ request: sent }) => sent.endsWith('/log')).length;
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    const pass = () => jest.advanceTimersByTimeAsync(2_100);
    try {
      show();
      await jest.advanceTimersByTimeAsync(100);
      harness.find('[role=tab]', 'Log')?.click();
      await pass();
      const first = reads();
      expect(first).toBeGreaterThan(0);
      await pass();
      await pass();
      const second = reads();
      expect(second).toBeGreaterThan(first);
      harness.body.addClass('lm-mod-hidden');
      await pass();
      await pass();
      expect(reads()).toBe(second);
      harness.body.removeClass('lm-mod-hidden');
      await pass();
      await pass();
      expect(reads()).toBeGreaterThan(second);
    } finally {
      jest.useRealTimers();
    }
  });

  it('finds a deployment that the list does not have yet', async () => {
    harness.routes['GET deployments/churn'] = DEPLOYMENT;
    serve();
    show();
    await harness.see('h2', 'churn');
  });

  it('says that it was deleted', async () => {
    show();
    await harness.see('h2', 'churn');
    serve();
    await harness.read('There is no deployment churn any more.');
    expect(harness.find('h2')).toBeNull();
  });

  it('keeps what it has when the server cannot be reached', async () => {
    show();
    await harness.see('h2', 'churn');
    harness.routes['GET deployments'] = new Refusal(502, 'Bad gateway.');
    harness.emit('deployments', 'changed', 'churn');
    await harness.read('Bad gateway.');
    await harness.see('h2', 'churn');
    serve(DEPLOYMENT);
    await harness.click('Retry');
    await until(() => !harness.text.includes('Bad gateway.'), 'the answer');
  });
});
