import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { click, enter, find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import type { Lineage, LineageNode } from '../../../api/types';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { neighbour, place } from '../layout';
import { found, hasAfter, shownOf } from '../shown';
import { LineageLink } from '../LineageLink';
import { LineageTab } from '../LineageTab';
import { causesOf } from '../StaleView';

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

function node(
  kind: LineageNode['kind'],
  name: string,
  more: Partial<LineageNode> = {}
): LineageNode {
  return {
    id: `${kind}:${name}`,
    kind,
    name,
    state: 'current',
    changes: [],
    unchecked: [],
    hidden: false,
    created_at: null,
    data_kind: kind === 'data' ? 'file' : null,
    digest: null,
    contents: null,
    whole: null,
    run_id: null,
    grade: null,
    status: null,
    version: null,
    desired: null,
    ...more
  };
}

const CHANGED = { kind: 'data', path: 'data/a.csv', moved_to: null } as const;
const DATA = node('data', 'data/a.csv', { state: 'stale', contents: 3 });
const ETL = node('notebook', 'etl.ipynb', {
  state: 'stale',
  changes: [CHANGED]
});
const OUT = node('data', 'out.csv');
const TRAIN = node('notebook', 'train.ipynb', {
  state: 'stale',
  changes: [{ kind: 'upstream', path: 'etl.ipynb', moved_to: null }]
});
const RUN = node('snapshot', 'ab'.repeat(32), {
  run_id: 'r1',
  grade: 'clean',
  status: 'FINISHED'
});
const LINEAGE: Lineage = {
  start: 'notebook:etl.ipynb',
  cut: true,
  nodes: [DATA, ETL, RUN, OUT, TRAIN],
  edges: [
    { source: DATA.id, target: ETL.id, kind: 'reads' },
    { source: ETL.id, target: RUN.id, kind: 'runs' },
    { source: RUN.id, target: OUT.id, kind: 'writes' },
    { source: OUT.id, target: TRAIN.id, kind: 'reads' }
  ]
};

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
    unknown: [],
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
      ['mlops:open-run', { runId: 'r1' }],
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
    expect(panel.textContent).toContain('through etl.ipynb');
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
    const stale = { items: [version], unknown: [], checked: 1, cut: false };
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

describe('causesOf', () => {
  it('puts what is stale through others with the change behind them', () => {
    const module = { kind: 'module', path: 'x.py', moved_to: null } as const;
    const live = node('deployment', 'live', {
      state: 'stale',
      changes: [module, ...TRAIN.changes]
    });
    const names = causesOf([ETL, TRAIN, live]).map(({ change, nodes }) => [
      change.path,
      nodes.map(({ name }) => name)
    ]);
    expect(names).toEqual([
      ['data/a.csv', ['etl.ipynb', 'train.ipynb', 'live']],
      ['x.py', ['live']]
    ]);
  });
});

describe('layout', () => {
  it('goes from left to right, and arrows follow it', () => {
    const nodes = LINEAGE.nodes.map(({ id }) => id);
    const laidOut = place({
      nodes,
      edges: LINEAGE.edges.map(({ source, target }) => [source, target])
    });
    const places = new Map(nodes.map((id, index) => [id, laidOut[index]]));
    const xs = LINEAGE.nodes.map(({ id }) => places.get(id)?.x ?? NaN);
    expect(xs).toEqual([...xs].sort((left, right) => left - right));
    const go = (from: LineageNode, key: string) =>
      neighbour(LINEAGE, places, from.id, key);
    expect(go(DATA, 'ArrowRight')).toBe(ETL.id);
    expect(go(ETL, 'ArrowLeft')).toBe(DATA.id);
    expect(go(TRAIN, 'ArrowRight')).toBeNull();
    expect(go(DATA, 'ArrowDown')).toBeNull();
    expect(go(DATA, 'x')).toBeNull();
  });

  it('gives each of 500 cards a place', () => {
    const nodes = Array.from({ length: 500 }, (_, index) => `${index}`);
    const edges = nodes
      .slice(1)
      .map((target, index): [string, string] => [
        nodes[Math.floor(index / 3)],
        target
      ]);
    const places = place({ nodes, edges });
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(500);
  });
});

describe('what is drawn', () => {
  const ids = (lineage: Lineage) =>
    lineage.nodes.map(({ id }) => id.split(':')[1].slice(0, 11));
  const folded = (...nodes: LineageNode[]) =>
    ids(shownOf(LINEAGE, 'all', new Set(nodes.map(({ id }) => id))));

  it('is all of it, or only what is stale', () => {
    expect(shownOf(LINEAGE, 'all', new Set())).toBe(LINEAGE);
    const stale = shownOf(LINEAGE, 'stale', new Set());
    expect(ids(stale)).toEqual(['data/a.csv', 'etl.ipynb', 'train.ipynb']);
    expect(stale.edges).toEqual([LINEAGE.edges[0]]);
  });

  it('can do without snapshots, whose notebooks then stand for them', () => {
    const things = shownOf({ ...LINEAGE, start: RUN.id }, 'things', new Set());
    expect(things.nodes).toEqual([DATA, ETL, OUT, TRAIN]);
    expect(things.start).toBe(ETL.id);
    expect(things.edges.map(edge => [edge.source, edge.target])).toEqual([
      [DATA.id, ETL.id],
      [ETL.id, OUT.id],
      [OUT.id, TRAIN.id]
    ]);
  });

  it('leaves out what comes only after something folded', () => {
    expect(folded(RUN)).toEqual([
      'data/a.csv',
      'etl.ipynb',
      'ab'.repeat(6).slice(0, 11)
    ]);
    // the start stays, and what comes before it
    expect(folded(DATA)).toEqual(['data/a.csv', 'etl.ipynb']);
    expect(folded(TRAIN)).toEqual(ids(LINEAGE));
    expect([...hasAfter(LINEAGE)]).not.toContain(TRAIN.id);
    const twice = {
      ...LINEAGE,
      edges: [
        ...LINEAGE.edges,
        { source: DATA.id, target: TRAIN.id, kind: 'reads' as const }
      ]
    };
    const left = shownOf(twice, 'all', new Set([RUN.id]));
    expect(left.nodes).toContain(TRAIN);
    expect(left.nodes).not.toContain(OUT);
  });

  it('shows a circle that nothing leads to', () => {
    const circle = {
      ...LINEAGE,
      start: null,
      nodes: [ETL, OUT],
      edges: [
        { source: ETL.id, target: OUT.id, kind: 'writes' as const },
        { source: OUT.id, target: ETL.id, kind: 'reads' as const }
      ]
    };
    expect(shownOf(circle, 'all', new Set([OUT.id])).nodes).toEqual([ETL, OUT]);
  });

  it('is found by parts of names', () => {
    const version = node('version', 'Churn', { version: 12 });
    const lineage = { ...LINEAGE, nodes: [...LINEAGE.nodes, version] };
    expect(found(lineage, ' CSV')).toEqual([DATA, OUT]);
    expect(found(lineage, 'churn v1')).toEqual([version]);
    expect(found(lineage, ' ')).toEqual([]);
  });
});
