import { StateDB } from '@jupyterlab/statedb';
import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import {
  click,
  enter,
  find,
  press,
  render,
  settle
} from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { CommandIDs } from '../../../commands/ids';
import { RunsTab } from '../RunsTab';

const COUNT = 1000;

function run(number: number) {
  return {
    run_id: `r${number}`,
    name: `run ${number}`,
    status: 'FINISHED',
    grade: 'clean',
    lifecycle_stage: 'active',
    author: 'kim',
    started_at: '2026-11-23T10:00:00.000Z',
    ended_at: '2026-11-23T10:00:05.000Z',
    notebook_path: null,
    error: null,
    metrics: { f1: number / COUNT },
    params: { model: 'rf' },
    tags: {}
  };
}

async function show(state = new StateDB(), count = COUNT, rowOf = run) {
  const server = new FakeServer();
  const commands = new FakeCommands();
  server.on('GET experiments', {
    items: [
      { experiment_id: '1', name: 'churn', lifecycle_stage: 'active' },
      { experiment_id: '2', name: 'old', lifecycle_stage: 'deleted' }
    ],
    next_token: null
  });
  server.on('GET run-columns', {
    metrics: ['f1'],
    params: ['model'],
    tags: ['team']
  });
  server.on('GET runs', ({ query }) => {
    const start = Number(query.page_token ?? 0);
    const end = Math.min(start + Number(query.limit), count);
    const numbers = Array.from({ length: end - start }, (_, at) => start + at);
    const token = end < count ? `${end}` : null;
    return Response.json({ items: numbers.map(rowOf), next_token: token });
  });
  const { node } = render(<RunsTab />, {
    mlops: createMLOps(server),
    commands,
    state
  });
  await settle();
  const lastQuery = () =>
    server.sent.filter(({ request }) => request === 'GET runs').at(-1)?.query;
  return { executed: commands.executed, lastQuery, node, server, state };
}

function rowsOf(node: HTMLElement): HTMLElement[] {
  return [...node.querySelectorAll<HTMLElement>('[data-run-id]')];
}

function selected(node: HTMLElement): string[] {
  return rowsOf(node)
    .filter(row => row.getAttribute('aria-selected') === 'true')
    .map(row => row.dataset.runId ?? '');
}

describe('RunsTab', () => {
  beforeEach(() => {
    // outside of a browser nothing has a height
    jest
      .spyOn(HTMLElement.prototype, 'offsetHeight', 'get')
      .mockReturnValue(560);
    jest
      .spyOn(HTMLElement.prototype, 'offsetWidth', 'get')
      .mockReturnValue(800);
    jest
      .spyOn(HTMLElement.prototype, 'clientHeight', 'get')
      .mockReturnValue(560);
  });

  afterEach(() => jest.restoreAllMocks());

  it('draws the visible rows alone, and reads ahead', async () => {
    const { node, server } = await show();
    expect(rowsOf(node).length).toBeGreaterThan(20);
    expect(rowsOf(node).length).toBeLessThan(50);
    expect(rowsOf(node)[1].textContent).toContain('run 1');
    expect(rowsOf(node)[1].textContent).toContain('5.0 s');
    expect(node.textContent).toContain('More than 200 runs');
    const grid = find(node, '[role=grid]');
    await settle(() => {
      grid.scrollTop = 150 * 28;
      grid.dispatchEvent(new Event('scroll'));
    });
    expect(node.textContent).toContain('More than 400 runs');
    expect(rowsOf(node).some(row => row.dataset.runId === 'r155')).toBe(true);
    expect(rowsOf(node).length).toBeLessThan(60);
    const pages = server.requests.filter(request => request === 'GET runs');
    expect(pages).toHaveLength(2);
  });

  it('lets the server sort and filter', async () => {
    const { lastQuery, node } = await show();
    const title = find(node, 'button.jp-MLOpsGrid-title', 'f1');
    await settle(() => title.click());
    expect(lastQuery()).toMatchObject({ order_by: 'metrics.f1 DESC' });
    expect(find(node, '[aria-sort=descending]').textContent).toBe('f1▼');
    const filter = find<HTMLInputElement>(node, '[role=combobox]');
    enter(filter, "params.model = 'rf'");
    await settle(() => void press(filter, 'Enter'));
    expect(lastQuery()).toMatchObject({ filter: "params.model = 'rf'" });
    await settle(() => enter(filter, ''));
    expect(lastQuery()).not.toHaveProperty('filter');
  });

  it('completes by keys', async () => {
    const { node } = await show();
    const filter = find<HTMLInputElement>(node, '[role=combobox]');
    enter(filter, 'mod');
    press(filter, 'ArrowDown');
    expect(find(node, '[role=option][aria-selected=true]').textContent).toBe(
      'params.model'
    );
    press(filter, 'Enter');
    expect(filter.value).toBe('params.model ');
    enter(filter, 'params.model = ');
    click(find(node, '[role=option]', "'rf'"));
    expect(filter.value).toBe("params.model = 'rf' ");
    press(filter, 'Escape');
    expect(filter.getAttribute('aria-expanded')).toBe('false');
  });

  it('says what is wrong with a filter, and keeps the rows', async () => {
    const { node, server } = await show();
    server.refuse('GET runs', 422, 'There is no metrcs.');
    const filter = find<HTMLInputElement>(node, '[role=combobox]');
    enter(filter, 'metrcs.f1 > 1');
    await settle(() => void press(filter, 'Enter'));
    expect(find(node, '[role=alert]').textContent).toContain('no metrcs');
    expect(filter.getAttribute('aria-invalid')).toBe('true');
    expect(rowsOf(node).length).toBeGreaterThan(20);
  });

  it('chooses by keys and by clicks', async () => {
    const { executed, node } = await show();
    const grid = find(node, '[role=grid]');
    press(grid, 'ArrowDown');
    press(grid, 'ArrowDown');
    press(grid, 'ArrowDown', { shiftKey: true });
    expect(selected(node)).toEqual(['r1', 'r2']);
    const active = grid.getAttribute('aria-activedescendant');
    expect(rowsOf(node)[2].id).toBe(active);
    click(rowsOf(node)[4].querySelector('input')!);
    expect(selected(node)).toEqual(['r1', 'r2', 'r4']);
    await settle(() => find(node, 'button', 'Compare').click());
    press(grid, 'Enter');
    expect(executed).toEqual([
      [CommandIDs.compareRuns, { runIds: ['r1', 'r2', 'r4'] }],
      [CommandIDs.openRun, { runId: 'r4' }]
    ]);
    press(grid, 'Escape');
    expect(selected(node)).toEqual([]);
    press(grid, 'a', { ctrlKey: true });
    expect(node.textContent).toContain('200 runs selected');
  });

  it('stops what runs or waits of the chosen', async () => {
    const states = ['SCHEDULED', 'RUNNING', 'FINISHED'];
    const { executed, node } = await show(new StateDB(), 3, number => ({
      ...run(number),
      status: states[number],
      tags: { 'mlops.output_path': '' }
    }));
    const grid = find(node, '[role=grid]');
    click(rowsOf(node)[2].querySelector('input')!);
    const bar = find(node, '[role=toolbar]', 'Selected runs');
    expect(bar.textContent).not.toContain('Stop');
    press(grid, 'a', { ctrlKey: true });
    click(find(bar, 'button', 'Stop'));
    expect(executed).toEqual([
      [CommandIDs.stopRun, { runId: 'r0' }],
      [CommandIDs.stopRun, { runId: 'r1' }]
    ]);
  });

  it('remembers experiment, columns and widths', async () => {
    const { lastQuery, node, state } = await show();
    const picker = find<HTMLSelectElement>(node, 'select');
    expect(picker.textContent).toBe('All experimentschurn');
    await settle(() => enter(picker, '1'));
    expect(lastQuery()).toMatchObject({ experiment_id: '1' });
    click(find(node, 'button', 'Columns'));
    await settle(() =>
      find(node, '.jp-MLOpsPopover-panel label', 'model')
        .querySelector('input')!
        .click()
    );
    const again = await show(state);
    expect(again.lastQuery()).toMatchObject({ experiment_id: '1' });
    const titles = [...again.node.querySelectorAll('[role=columnheader]')];
    expect(titles.map(title => title.textContent)).toEqual([
      'Run',
      'Started',
      'Duration',
      'Notebook',
      'f1'
    ]);
  });

  it('teaches what makes a run', async () => {
    const { node } = await show(new StateDB(), 0);
    expect(node.textContent).toContain('log with MLflow');
  });
});
