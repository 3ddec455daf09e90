import { Clipboard } from '@jupyterlab/apputils';
import * as React from 'react';

import { createMLOps } from '../../__tests__/mlops';
import {
  click,
  enter,
  find,
  press,
  render,
  settle
} from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { Deployment, RegisteredModel, Run } from '../../api/types';
import { FakeCommands } from '../../commands/__tests__/fakeCommands';
import { CommandIDs } from '../../commands/ids';
import { DeploymentsPanel } from '../DeploymentsPanel';
import { ModelsPanel } from '../ModelsPanel';
import { RunsPanel } from '../RunsPanel';

const TIME = '2026-11-23T10:00:00.000Z';

const RUN = {
  run_id: 'r1',
  name: 'train.ipynb',
  notebook_path: '실험 1/train.ipynb',
  status: 'FINISHED',
  grade: 'clean',
  author: 'kim',
  started_at: TIME,
  error: null,
  metrics: { f1: 0.94721, loss: null },
  params: { max_depth: '4' }
} as unknown as Run;

const MODEL = {
  name: 'churn',
  description: '',
  updated_at: TIME,
  latest_version: 7,
  aliases: { champion: 6 }
} as unknown as RegisteredModel;

const DEPLOYMENT = {
  name: 'churn',
  model_name: 'churn',
  version: 7,
  state: 'running',
  message: null,
  url: 'http://127.0.0.1:1/v2/models/churn'
} as Deployment;

async function show(
  path: string,
  panel: JSX.Element,
  items: unknown[],
  more: string | null = null
) {
  const server = new FakeServer();
  const commands = new FakeCommands();
  server.on(`GET ${path}`, { items, next_token: more });
  const { node } = render(panel, { mlops: createMLOps(server), commands });
  await settle();
  return { executed: commands.executed, node, server };
}

const STALE = {
  items: [
    {
      id: 'notebook:실험 1/train.ipynb',
      kind: 'notebook',
      name: '실험 1/train.ipynb',
      run_id: 'r1'
    },
    { id: 'version:churn/6', kind: 'version', name: 'churn', version: 6 },
    { id: 'deployment:churn', kind: 'deployment', name: 'churn' }
  ].map(node => ({
    run_id: null,
    ...node,
    state: 'stale',
    changes: [{ kind: 'data', path: 'customers.csv', moved_to: null }],
    unchecked: []
  }))
};

describe('stale marks', () => {
  it.each([
    ['runs', <RunsPanel />, RUN, '', 0],
    ['models', <ModelsPanel />, MODEL, 'v6 is ', 1],
    ['deployments', <DeploymentsPanel />, DEPLOYMENT, '', 2]
  ])('of %s say why, and lead to the lineage', async (...given) => {
    const [path, panel, item, version, place] = given;
    const { executed, node, server } = await show(path, panel, [item]);
    expect(node.querySelector('.jp-MLOpsStaleMark')).toBeNull();
    server.on('GET stale', STALE);
    const { node: again } = render(panel, {
      mlops: createMLOps(server),
      commands: Object.assign(new FakeCommands(), { executed })
    });
    await settle();
    const asked = server.sent.filter(one => one.request === 'GET stale');
    expect(asked).toHaveLength(2); // one for each list
    const row = find(again, 'li');
    const words = `${version}stale: customers.csv changed`;
    expect(row.getAttribute('aria-label')).toContain(words);
    const mark = find(again, '.jp-MLOpsStaleMark');
    expect(mark.textContent).toContain(words);
    click(mark);
    const { id } = STALE.items[place];
    expect(executed).toEqual([[CommandIDs.openLineage, { node: id }]]);
    expect(row.dataset.lineage).toBe(id);
  });
});

describe('RunsPanel', () => {
  it('teaches the next step while there is no run', async () => {
    const { node } = await show('runs', <RunsPanel />, []);
    expect(node.textContent).toContain('Click Snapshot in any notebook');
    expect(node.querySelector('li')).toBeNull();
  });

  it('shows results, parameters, author and grade', async () => {
    const { node } = await show('runs', <RunsPanel />, [RUN]);
    const row = find(node, 'li');
    expect(row.getAttribute('aria-label')).toBe(
      'train.ipynb, grade clean, f1 0.9472, loss NaN, max_depth=4'
    );
    expect(row.textContent).toContain('f1 0.9472 · loss NaN · max_depth=4');
    expect(row.textContent).toContain('kim');
    expect(row.dataset.runId).toBe('r1');
  });

  it('says first why a run has no result', async () => {
    const error = { name: 'ValueError', message: 'no', cell_index: 3 };
    const run = { ...RUN, status: 'FAILED', error };
    const { node } = await show('runs', <RunsPanel />, [run]);
    expect(find(node, '.jp-MLOpsRow-facts').textContent).toMatch(
      /^failed at cell 4 · /
    );
  });

  it('opens a run by click and by key', async () => {
    const { executed, node } = await show('runs', <RunsPanel />, [RUN]);
    click(find(node, 'li'));
    press(find(node, 'li'), 'Enter');
    const opened = [CommandIDs.openRun, { runId: 'r1' }];
    expect(executed).toEqual([opened, opened]);
  });

  it('shows more when asked', async () => {
    const { executed, node, server } = await show(
      'runs',
      <RunsPanel />,
      [RUN],
      'p2'
    );
    click(find(node, 'button', 'Open table'));
    expect(executed).toEqual([[CommandIDs.openRuns, {}]]);
    server.on('GET runs', ({ query }) =>
      Response.json(
        query.page_token === 'p2'
          ? { items: [{ ...RUN, run_id: 'r2' }], next_token: null }
          : { items: [RUN], next_token: 'p2' }
      )
    );
    await settle(() => find(node, 'button', 'Show more').click());
    expect(node.querySelectorAll('li')).toHaveLength(2);
    expect(node.textContent).not.toContain('Show more');
  });

  it('says how many more there are', async () => {
    const server = new FakeServer();
    server.on('GET runs', { items: [RUN], next_token: 'p2' });
    server.on('GET run-count', { count: 1205 });
    const { node } = render(<RunsPanel />, { mlops: createMLOps(server) });
    await settle();
    find(node, 'button', '1,204 more');
  });

  it('finds runs by experiment and filter', async () => {
    const { node, server } = await show('runs', <RunsPanel />, [RUN]);
    server.on('GET runs', { items: [], next_token: null });
    const filter = find<HTMLInputElement>(node, 'input[role=combobox]');
    enter(filter, 'metrics.f1 > 0.99');
    await settle(() => void press(filter, 'Enter'));
    const searches = server.sent.filter(
      ({ request }) => request === 'GET runs'
    );
    expect(searches.at(-1)?.query.filter).toBe('metrics.f1 > 0.99');
    // the box stays, or nobody could look for something else
    expect(node.textContent).toContain('No run fits the filter.');
    find(node, 'input[role=combobox]');
  });

  it('lists automatic snapshots when asked, and says which they are', async () => {
    const { node, server } = await show('runs', <RunsPanel />, [RUN]);
    const automatic = { ...RUN, run_id: 'r2', experiment_id: '7' };
    server.on('GET runs', ({ query }) =>
      Response.json({
        items: query.automatic === 'true' ? [automatic, RUN] : [RUN],
        next_token: null
      })
    );
    server.on('GET experiments', {
      items: [{ experiment_id: '7', name: 'Automatic snapshots' }]
    });
    const box = find<HTMLInputElement>(node, 'input[type=checkbox]');
    expect(box.checked).toBe(false);
    await settle(() => box.click());
    const rows = [...node.querySelectorAll('li')].map(row =>
      row.getAttribute('aria-label')
    );
    expect(rows[0]).toContain('grade clean, automatic, f1');
    expect(rows[1]).not.toContain('automatic');
    expect(box.checked).toBe(true);
  });

  it('says that there are automatic snapshots where nothing else is', async () => {
    const server = new FakeServer();
    server.on('GET runs', { items: [], next_token: null });
    server.on('GET run-count', { count: 3 });
    const { node } = render(<RunsPanel />, { mlops: createMLOps(server) });
    await settle();
    await settle(() =>
      find(node, 'button', 'Show 3 automatic snapshots').click()
    );
    const { query } = server.sent
      .filter(({ request }) => request === 'GET runs')
      .at(-1)!;
    expect(query.automatic).toBe('true');
  });

  it('follows a search from elsewhere', async () => {
    const server = new FakeServer();
    const mlops = createMLOps(server);
    server.on('GET runs', { items: [RUN], next_token: null });
    server.on('GET experiments', {
      items: [{ experiment_id: '3', name: 'churn', lifecycle_stage: 'active' }]
    });
    const { node } = render(<RunsPanel />, { mlops });
    await settle();
    const filter = find<HTMLInputElement>(node, 'input[role=combobox]');
    enter(filter, 'metrics.f1 > 0');
    await settle(() => void press(filter, 'Enter'));
    await settle(() => void mlops.searchRuns({ experimentId: '3' }));
    expect(find<HTMLSelectElement>(node, 'select').value).toBe('3');
    expect(filter.value).toBe('');
    mlops.dispose();
  });

  it('compares the runs that were chosen', async () => {
    const runs = ['r1', 'r2', 'r3'].map(run_id => ({ ...RUN, run_id }));
    const { executed, node } = await show('runs', <RunsPanel />, runs);
    const rows = [...node.querySelectorAll('li')];
    const choose = (row: HTMLElement, init: MouseEventInit) =>
      React.act(
        () =>
          void row.dispatchEvent(
            new MouseEvent('click', { bubbles: true, ...init })
          )
      );
    choose(rows[0], { ctrlKey: true });
    expect(find<HTMLButtonElement>(node, 'button', 'Compare').disabled).toBe(
      true
    );
    choose(rows[2], { shiftKey: true });
    expect(rows[1].getAttribute('aria-label')).toMatch(/, selected$/);
    React.act(() => rows[1].focus());
    press(rows[1], ' ');
    expect(node.textContent).toContain('2 selected');
    click(find(node, 'button', 'Compare'));
    expect(executed).toEqual([
      [CommandIDs.compareRuns, { runIds: ['r1', 'r3'] }]
    ]);
  });

  it('has on each row what the mouse may do', async () => {
    const run = { ...RUN, snapshot_id: 's1' };
    const { executed, node } = await show('runs', <RunsPanel />, [run]);
    click(find(node, 'button', 'Compare with Previous'));
    click(find(node, 'button', 'Restore…'));
    expect(executed).toEqual([
      [CommandIDs.comparePrevious, { runId: 'r1' }],
      [CommandIDs.restoreSnapshot, { runId: 'r1' }]
    ]);
    const menu = jest.fn();
    node.addEventListener('contextmenu', menu);
    click(find(node, 'button', 'More'));
    expect(menu).toHaveBeenCalledTimes(1);
  });
});

describe('ModelsPanel', () => {
  it('shows the newest version and the aliases', async () => {
    const { executed, node } = await show('models', <ModelsPanel />, [MODEL]);
    const row = find(node, 'li', 'churn, v7, ★champion v6');
    click(row);
    expect(row.dataset.model).toBe('churn');
    expect(executed).toEqual([[CommandIDs.openModel, { name: 'churn' }]]);
  });
});

describe('DeploymentsPanel', () => {
  const path = 'deployments';

  it('shows state, version and URL', async () => {
    const { node } = await show(path, <DeploymentsPanel />, [DEPLOYMENT]);
    const row = find(node, 'li', 'churn, running, churn v7');
    expect(row.textContent).toContain(DEPLOYMENT.url);
    expect(row.dataset.deployment).toBe('churn');
  });

  it('copies the URL without opening the row', async () => {
    const shown = await show(path, <DeploymentsPanel />, [DEPLOYMENT]);
    const copy = jest.spyOn(Clipboard, 'copyToSystem').mockImplementation();
    click(find(shown.node, 'button', 'Copy URL'));
    expect(copy).toHaveBeenCalledWith(DEPLOYMENT.url);
    expect(shown.executed).toEqual([]);
  });

  it('shows the reason in place of the URL when it failed', async () => {
    const failed = { ...DEPLOYMENT, state: 'failed', message: 'No memory.' };
    const { node } = await show(path, <DeploymentsPanel />, [failed]);
    expect(find(node, '.jp-MLOpsRow-facts').textContent).toBe('No memory.');
    expect(node.querySelector('button')).toBeNull();
  });
});
