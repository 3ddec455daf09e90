import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { click, enter, find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import type { Lineage } from '../../../api/types';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { LineageLink } from '../LineageLink';
import { LineageTab } from '../LineageTab';
import { ETL, LINEAGE, node, TRAIN } from './lineages';

// cards are placed by what the browser measures; the browser tests look at the graph
jest.mock('../Graph', () => ({
  __esModule: true,
  default: (props: { lineage: Lineage; bar: JSX.Element }) => (
    <>
      {props.bar}
      <div
        role="img"
        aria-label={props.lineage.nodes.map(n => n.id).join(' ')}
      />
    </>
  )
}));

// what the page needs to draw
const TIMERS = [
  'Date',
  'clearImmediate',
  'clearTimeout',
  'nextTick',
  'performance',
  'queueMicrotask',
  'requestAnimationFrame',
  'setImmediate',
  'setTimeout'
] as const;

async function show(found: object = LINEAGE) {
  const server = new FakeServer();
  const commands = new FakeCommands();
  commands.addCommand('filebrowser:open-path', {
    execute: args =>
      void commands.executed.push(['filebrowser:open-path', args]),
    describedBy: { args: null }
  });
  server.on('GET lineage', found);
  server.on('GET status', {
    version: '1',
    project: '/home/kim/project',
    root: '/home/kim',
    store: ''
  });
  server.on('GET stale', {
    items: [ETL, TRAIN],
    causes: [{ change: ETL.changes[0], items: [ETL.id, TRAIN.id] }],
    unknown: [],
    gone: ['old/무제 1.ipynb'],
    checked: 2,
    cut: false
  });
  const { node: page } = render(<LineageTab node="notebook:etl.ipynb" />, {
    mlops: createMLOps(server),
    commands
  });
  await settle();
  const open = async (title: string) => {
    await settle(() => find(page, '[role=tab]', title).click());
    return find(page, '[role=tabpanel]');
  };
  return { commands, open, page, server };
}

describe('LineageTab', () => {
  it('draws the graph, both ways or one, and more of it on demand', async () => {
    const { page, server } = await show();
    find(page, '[role=img]', LINEAGE.nodes.map(({ id }) => id).join(' '));
    await settle(() => enter(find(page, 'select'), 'upstream'));
    await settle(() => find(page, 'button', 'Show more').click());
    const sent = server.sent.filter(({ request }) => request === 'GET lineage');
    expect(sent.map(({ query }) => [query.direction, query.limit])).toEqual([
      ['both', '150'],
      ['upstream', '150'],
      ['upstream', '300']
    ]);
    expect(sent[0].query.node).toBe('notebook:etl.ipynb');
  });

  it('says how much is left out where no more is drawn', async () => {
    const { page, server } = await show({ ...LINEAGE, left_out: 1234 });
    for (let times = 0; times < 4; times++) {
      expect(page.textContent).not.toContain('left out');
      await settle(() => find(page, 'button', 'Show more').click());
    }
    const [last] = server.sent
      .filter(({ request }) => request === 'GET lineage')
      .slice(-1);
    expect(last.query.limit).toBe('2000');
    expect(page.textContent).toContain(
      'Only 5 things are shown, and at least 1234 are left out. Open Lineage in the menu'
    );
  });

  it('lists circles too, which nothing comes before', async () => {
    const [first, second] = [
      node('data', 'x.csv'),
      node('notebook', 'loop.ipynb')
    ];
    const { open } = await show({
      ...LINEAGE,
      start: null,
      nodes: [...LINEAGE.nodes, first, second],
      edges: [
        ...LINEAGE.edges,
        { source: first.id, target: second.id, kind: 'reads' },
        { source: second.id, target: first.id, kind: 'writes' }
      ]
    });
    const text = (await open('List')).textContent;
    expect(text).toMatch(/a\.csv.*x\.csv.*loop\.ipynb/);
  });

  it('tells the same in lists, from which things are opened', async () => {
    const { commands, open } = await show();
    const panel = await open('List');
    expect(panel.textContent).toContain('a.csv');
    expect(panel.textContent).toContain('3 versions');
    const [up, down] = [...panel.querySelectorAll('section')];
    expect(up.getAttribute('aria-label')).toBe('Depends on');
    expect(down.textContent).toMatch(/abababab.*out\.csv.*train\.ipynb/);
    for (const name of ['abababab', 'out.csv', 'a.csv']) {
      click(find(panel, 'button', name));
    }
    expect(commands.executed).toEqual([
      ['mlops:open-run', { runId: 'r1', snapshotId: 'ab'.repeat(32) }],
      ['filebrowser:open-path', { path: 'project/out.csv' }],
      ['filebrowser:open-path', { path: 'project/data/a.csv' }]
    ]);
  });

  it('lists what is stale by what changed', async () => {
    const { open } = await show();
    const panel = await open('Stale (2)');
    expect(panel.querySelector('h3')?.textContent).toContain(
      'data/a.csv changed'
    );
    expect(panel.textContent).toContain('2 notebooks depend on it');
    expect(panel.textContent).toContain('through etl.ipynb');
    const gone = find(panel, '.jp-MLOpsStale-gone');
    expect(gone.textContent).toContain('1 notebook is gone');
    expect(gone.textContent).toContain('old/무제 1.ipynb');
  });

  it('runs what is stale again, shows how far it is, and stops it', async () => {
    const { open, server } = await show();
    const step = {
      notebook_path: 'etl.ipynb',
      state: 'running',
      changes: [],
      after: [],
      run_id: 'r2',
      message: null
    };
    const other = { ...step, notebook_path: 'train.ipynb', run_id: null };
    const steps = [step, { ...other, state: 'waiting' }];
    const rerun = {
      rerun_id: 'x',
      state: 'running',
      created_at: new Date().toISOString(),
      author: 'Kim',
      steps
    };
    server.on('GET reruns', { items: [], next_token: null });
    server.on('POST reruns', rerun);
    const panel = await open('Stale (2)');
    server.on('GET reruns', { items: [rerun], next_token: null });
    await settle(() => find(panel, 'button', 'Run stale notebooks').click());
    expect(panel.textContent).toContain('0 of 2');
    expect(panel.textContent).toContain('Begun by Kim');
    expect(panel.textContent).toContain('train.ipynbwaiting');
    const failed = { ...step, state: 'failed', message: 'Cell 2: boom' };
    const ended = { ...rerun, state: 'stopped', steps: [failed, steps[1]] };
    server.on('DELETE reruns/x', ended);
    server.on('GET reruns', { items: [ended], next_token: null });
    await settle(() => find(panel, 'button', 'Cancel').click());
    expect(server.requests).toContain('DELETE reruns/x');
    expect(panel.textContent).toContain('failed: Cell 2: boom');
    find(panel, 'button', 'Run stale notebooks');
  });

  it('asks for all views at once what is stale, and of others if that changes', async () => {
    jest.useFakeTimers({ doNotFake: [...TIMERS] });
    const server = new FakeServer();
    const version = node('version', 'churn/1', {
      ...ETL,
      id: 'version:churn/1'
    });
    const stale = {
      items: [version],
      causes: [],
      unknown: [],
      gone: [],
      checked: 1,
      cut: false
    };
    server.on('GET stale', stale);
    server.on('GET lineage', LINEAGE);
    const { node: page } = render(
      <>
        <LineageTab node={null} />
        <LineageLink node="version:churn/1" />
        <LineageLink node="deployment:live" />
      </>,
      { mlops: createMLOps(server), commands: new FakeCommands() }
    );
    const asked = (request: string) =>
      server.requests.filter(one => one === request).length;
    await settle();
    expect([asked('GET stale'), asked('GET lineage')]).toEqual([1, 2]);
    expect(page.textContent).toContain('data/a.csv changed');
    await settle(() => jest.advanceTimersByTime(10_000));
    expect([asked('GET stale'), asked('GET lineage')]).toEqual([2, 3]);
    server.on('GET stale', { ...stale, items: [] });
    await settle(() => jest.advanceTimersByTime(10_000));
    // now both links ask
    expect([asked('GET stale'), asked('GET lineage')]).toEqual([3, 6]);
    jest.useRealTimers();
  });

  it('teaches what to do where nothing is known', async () => {
    const gone = () => Response.json({ message: 'no' }, { status: 404 });
    const { page } = await show(gone);
    expect(page.textContent).toContain('Nothing is known of it yet.');
  });

  it('says why it failed, with the way to try again', async () => {
    const broken = () => Response.json({ message: 'Locked.' }, { status: 503 });
    const { page, server } = await show(broken);
    expect(page.textContent).toContain('Locked.');
    server.on('GET lineage', LINEAGE);
    await settle(() => find(page, 'button', 'Retry').click());
    find(page, '[role=img]', LINEAGE.nodes.map(({ id }) => id).join(' '));
  });
});
