import * as React from 'react';

import { createMLOps, trans } from '../../../__tests__/mlops';
import {
  click,
  enter,
  find,
  press,
  render,
  settle
} from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import type { Snapshot } from '../../../api/types';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { CommandIDs } from '../../../commands/ids';
import { NotebookTimeline } from '../NotebookTimeline';
import { ruleText } from '../Thinning';
import { Timeline } from '../Timeline';

// nothing is laid out here: every row counts as visible
jest.mock('@tanstack/react-virtual', () => ({
  defaultRangeExtractor: () => [],
  useVirtualizer: ({ count }: { count: number }) => ({
    getVirtualItems: () =>
      Array.from({ length: count }, (_, index) => ({ index })),
    getTotalSize: () => 0,
    scrollToIndex: () => undefined
  })
}));

const snapshot = (number: number, more: Partial<Snapshot> = {}) => ({
  id: `s${number}`,
  run_id: `r${number}`,
  created_at: '2026-11-25T10:00:00.000Z',
  author: 'kim',
  grade: 'clean',
  status: 'FINISHED',
  metrics: { f1: 0.9 + number / 100, loss: 1 },
  message: null,
  parent_id: number === 1 ? null : `s${number - 1}`,
  origin: 'user',
  note: null,
  tags: [],
  pinned: false,
  figure_id: null,
  ...more
});

async function show(items: object[]) {
  const server = new FakeServer();
  server.on('GET snapshots', { items, next_token: null });
  const commands = new FakeCommands();
  const { node } = render(<Timeline path="a.ipynb" current="s1" />, {
    mlops: createMLOps(server),
    commands
  });
  await settle();
  const rows = () => [...node.querySelectorAll<HTMLElement>('[role=row]')];
  const names = () => rows().map(row => row.getAttribute('aria-label') ?? '');
  return { commands, names, node, rows, server };
}

describe('Timeline', () => {
  it('says of each snapshot what there is to know', async () => {
    const { names, rows } = await show([
      snapshot(2, { origin: 'save', note: 'deep', tags: ['paper'] }),
      snapshot(1, { pinned: true, status: 'FAILED', metrics: {} }),
      snapshot(0)
    ]);
    expect(names()[0]).toContain(
      'grade clean, f1 0.92, on save, by kim, tagged paper, deep'
    );
    expect(names()[1]).toContain('failed, by hand, by kim, pinned');
    expect(rows()[1].getAttribute('aria-current')).toBe('true');
  });

  it('compares each result with the one below', async () => {
    const { names, node } = await show([
      snapshot(1, { metrics: { f1: 0.9, loss: 0.5 } }),
      snapshot(2)
    ]);
    expect(names()[0]).toContain('f1 0.9, down 0.02');
    expect(find(node, '.jp-MLOpsTimeline-change').textContent).toBe('▼ −0.02');
    enter(find<HTMLSelectElement>(node, 'select', 'Metric'), 'loss');
    expect(names()[0]).toContain('loss 0.5, down 0.5');
  });

  it('teaches the next step where there is none', async () => {
    const { node, server } = await show([]);
    expect(node.textContent).toContain('Click Snapshot to keep it');
    expect(server.sent[0].query).toMatchObject({ notebook_path: 'a.ipynb' });
  });

  it('asks for some only', async () => {
    const { node, server } = await show([snapshot(1, { tags: ['paper'] })]);
    const select = find<HTMLSelectElement>(node, 'select', 'Show');
    for (const [value, query] of [
      ['asked', { automatic: 'false' }],
      ['pinned', { pinned: 'true' }],
      ['=stale', { grade: 'stale' }],
      ['#paper', { tag: 'paper' }]
    ] as const) {
      enter(select, value);
      await settle();
      expect(server.sent.at(-1)?.query).toMatchObject(query);
    }
  });

  it('finds words once they are typed, among those that are shown', async () => {
    const { node, server } = await show([snapshot(1)]);
    enter(find<HTMLSelectElement>(node, 'select', 'Show'), 'pinned');
    await settle();
    const asked = server.sent.length;
    const box = find<HTMLInputElement>(node, 'input[type=search]');
    for (const text of ['d', 'de', 'deep ']) {
      enter(box, text);
    }
    server.on('GET snapshots', { items: [], next_token: null });
    await React.act(() => new Promise(later => setTimeout(later, 300)));
    await settle();
    expect(server.sent).toHaveLength(asked + 1);
    expect(server.sent.at(-1)?.query).toMatchObject({
      notebook_path: 'a.ipynb',
      pinned: 'true',
      text: 'deep'
    });
    expect(node.textContent).toContain('No snapshot of this notebook is like');
    // the box stays, so that something else can be looked for
    expect(box.isConnected).toBe(true);
  });

  it('opens, chooses, compares and deletes by keys', async () => {
    const { commands, node, rows } = await show([snapshot(2), snapshot(1)]);
    press(rows()[0], 'Enter');
    press(rows()[0], ' ');
    press(rows()[0], 'ArrowDown', { shiftKey: true });
    expect(document.activeElement).toBe(rows()[1]);
    expect(rows().map(row => row.tabIndex)).toEqual([-1, 0]);
    click(find(node, 'button', 'Compare'));
    press(rows()[1], 'Delete');
    click(find(node, 'button', 'Delete…'));
    expect(commands.executed).toEqual([
      [CommandIDs.openRun, { runId: 'r2', snapshotId: 's2' }],
      [CommandIDs.compareRuns, { runIds: ['s1', 's2'] }],
      [CommandIDs.deleteSnapshot, { snapshotIds: ['s2', 's1'] }],
      [CommandIDs.deleteSnapshot, { snapshotIds: ['s2', 's1'] }]
    ]);
    press(rows()[1], 'Escape');
    expect(node.querySelector('[role=toolbar]')).toBeNull();
  });

  it('has buttons for what is done most', async () => {
    const { commands, rows } = await show([snapshot(2), snapshot(1)]);
    click(find(rows()[0], 'button', 'Pin'));
    click(find(rows()[0], 'button', 'Compare with Previous'));
    expect(commands.executed).toEqual([
      [CommandIDs.pinSnapshot, { snapshotId: 's2' }],
      [CommandIDs.comparePrevious, { runId: 'r2', snapshotId: 's2' }]
    ]);
    // the first has none before it
    expect(
      rows()[1].querySelector('[aria-label="Compare with Previous"]')
    ).toBeNull();
  });

  it('keeps what it has when it cannot be read again', async () => {
    const { node, rows, server } = await show([snapshot(1)]);
    server.refuse('GET snapshots', 507, 'The store is locked.');
    enter(find<HTMLSelectElement>(node, 'select', 'Show'), 'pinned');
    await settle();
    expect(find(node, '[role=alert]').textContent).toContain('locked');
    expect(rows()).toHaveLength(1);
  });

  it('says why it cannot tell which notebook is meant', async () => {
    const server = new FakeServer();
    server.refuse('GET status', 503, 'The store cannot be opened.');
    const { node } = render(<NotebookTimeline path="a.ipynb" />, {
      mlops: createMLOps(server)
    });
    await settle();
    expect(find(node, '[role=alert]').textContent).toContain(
      'cannot be opened'
    );
    server.on('GET status', { project: '/p', root: '/p/kim' });
    server.on('GET snapshots', { items: [], next_token: null });
    await settle(() => find(node, 'button', 'Retry').click());
    expect(server.sent.at(-1)?.query).toMatchObject({
      notebook_path: 'kim/a.ipynb'
    });
  });

  it('says which automatic snapshots will stay, where there are some', async () => {
    const { node } = await show([snapshot(1)]);
    expect(node.querySelector('p')).toBeNull();
    const server = new FakeServer();
    const items = [snapshot(2, { origin: 'save' }), snapshot(1)];
    server.on('GET snapshots', { items, next_token: null });
    server.on('GET status', { keep_automatic: 'all 1d, hourly 36h, weekly' });
    const other = render(<Timeline path="a.ipynb" />, {
      mlops: createMLOps(server)
    });
    await settle();
    expect(find(other.node, 'p').textContent).toBe(
      'Of automatic snapshots stay all for 1 day, one an hour for 36 hours, one a week after that. Those with a pin, a note or a tag always stay, and those that were registered or reproduced.'
    );
  });

  it('says that all stay, or repeats a rule that it does not know', () => {
    expect(ruleText('off', trans)).toBe('Automatic snapshots all stay.');
    expect(ruleText('all 1d, yearly', trans)).toContain('1 day, yearly.');
  });
});
