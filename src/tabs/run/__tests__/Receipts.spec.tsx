import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { click, find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { CommandIDs } from '../../../commands/ids';
import { Receipts } from '../Receipts';

const DONE = {
  receipt_id: 'q1',
  snapshot_id: 's1',
  notebook_path: 'train.ipynb',
  created_at: '2026-11-23T10:00:00.000Z',
  author: 'kim',
  state: 'completed',
  verdict: 'differs',
  summary: 'differs at cell 5: it prints “b”',
  progress: null,
  environment: {
    kind: 'same',
    python: '/opt/python',
    differences: [],
    notes: []
  },
  cells: [
    { index: 0, cell_id: 'a', verdict: 'same', difference: null },
    { index: 2, cell_id: 'c', verdict: 'shows the time', difference: '“9:00”' },
    { index: 4, cell_id: 'b', verdict: 'differs', difference: 'prints “b”' }
  ],
  metrics: [{ name: 'f1', recorded: 0.9, found: null, verdict: 'differs' }],
  missing: [],
  notes: ['A note.'],
  duration_seconds: 3.2
};

async function show(...items: object[]) {
  const server = new FakeServer();
  const commands = new FakeCommands();
  const openCell = jest.fn();
  server.on('GET snapshots/s1/receipts', { items });
  const { node } = render(<Receipts snapshotId="s1" openCell={openCell} />, {
    mlops: createMLOps(server),
    commands
  });
  await settle();
  return { commands, node, openCell, server };
}

describe('Receipts', () => {
  it('shows nothing where there is none', async () => {
    const { node } = await show();
    expect(node.textContent).toBe('');
  });

  it('shows the verdict, and on click what it is made of', async () => {
    const { node, openCell } = await show(DONE);
    const text = find(node, '.jp-MLOpsReceipt').textContent;
    for (const part of [
      '≠ differs',
      'by kim · 3.2 s',
      'differs at cell 5',
      'f10.9',
      'Cell 3shows the time it ran“9:00”',
      '1 cell is the same',
      'A note.',
      'Run by /opt/python'
    ]) {
      expect(text).toContain(part);
    }
    click(find(node, 'button', 'Cell 5'));
    expect(openCell).toHaveBeenCalledWith(4);
  });

  it('shows where it is, and stops it', async () => {
    const progress = { phase: 'running', run: 2, cell: 3, cells: 6 };
    const running = { ...DONE, state: 'running', verdict: null, progress };
    const { node, server } = await show(running, {
      ...DONE,
      receipt_id: 'q0'
    });
    const status = find(node, '[role=status]');
    expect(status.textContent).toContain('once more, cell 3 of 6');
    expect(find<HTMLProgressElement>(node, 'progress').value).toBe(2);
    server.on('POST receipts/q1/stop', running);
    await settle(() => find(status, 'button', 'Cancel').click());
    expect(server.requests).toContain('POST receipts/q1/stop');
    expect(find<HTMLButtonElement>(status, 'button').disabled).toBe(true);
  });

  it('offers to rebuild what is no longer what it was', async () => {
    const differences = [{ name: 'numpy', recorded: '2.3', found: null }];
    const environment = { ...DONE.environment, differences };
    const failed = { ...DONE, state: 'failed', verdict: null, environment };
    const { commands, node } = await show(failed);
    expect(node.textContent).toContain('✕ no verdict');
    expect(find(node, 'table[aria-label=Packages]').textContent).toContain(
      'numpy2.3–'
    );
    click(find(node, 'button', 'Rebuild the environment…'));
    expect(commands.executed).toEqual([
      [
        CommandIDs.reproduceSnapshot,
        { snapshotId: 's1', environment: 'rebuild' }
      ]
    ]);
  });

  it('tells of what was reproduced only what is remarkable', async () => {
    const told = async (summary: string) => {
      const { node } = await show({ ...DONE, verdict: 'reproduced', summary });
      return find(node, 'summary').textContent;
    };
    const plain = 'reproduced: 2 cells, 1 metric';
    expect(await told(plain)).not.toContain(plain);
    const remarkable = `${plain}; it fails at cell 2`;
    expect(await told(remarkable)).toContain(remarkable);
  });

  it('keeps what it shows while the server does not answer', async () => {
    // its interval only: answers come in time of their own
    jest.useFakeTimers({
      doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask']
    });
    const running = { ...DONE, state: 'running', verdict: null };
    const { node, server } = await show(running);
    server.refuse('GET snapshots/s1/receipts', 503, 'Restarting.');
    await settle(() => jest.advanceTimersByTime(1600));
    expect(node.textContent).toContain('Restarting.');
    expect(find(node, '[role=status]').textContent).toContain('Reproducing');
    server.on('GET snapshots/s1/receipts', { items: [DONE] });
    await settle(() => jest.advanceTimersByTime(1600));
    expect(node.textContent).not.toContain('Restarting.');
    expect(node.textContent).toContain('≠ differs');
    jest.useRealTimers();
  });

  it('says why they cannot be read', async () => {
    const server = new FakeServer();
    server.refuse('GET snapshots/s1/receipts', 507, 'The disk is full.');
    const { node } = render(
      <Receipts snapshotId="s1" openCell={() => undefined} />,
      { mlops: createMLOps(server) }
    );
    await settle();
    expect(node.textContent).toContain('The disk is full.');
  });
});
