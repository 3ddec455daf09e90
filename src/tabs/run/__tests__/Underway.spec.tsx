import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import type { Run } from '../../../api/types';
import { CommandIDs } from '../../../commands/ids';
import { Underway } from '../Underway';

const RUN = {
  run_id: 'r1',
  notebook_path: 'train.ipynb',
  status: 'RUNNING',
  started_at: '2026-11-23T10:00:05.000Z',
  tags: { 'mlops.output_path': 'out.ipynb' }
} as unknown as Run;
const HEADLESS = {
  run_id: 'r1',
  state: 'running',
  place: null,
  cell: 3,
  cells: 9
};

async function show(run: Run, headless: object[], reruns: object[] = []) {
  const server = new FakeServer();
  const commands = new CommandRegistry();
  const stopped: unknown[] = [];
  commands.addCommand(CommandIDs.stopRun, {
    execute: async ({ runId }) => stopped.push(runId) > 0,
    describedBy: { args: null }
  });
  server.on('GET headless-runs', { items: headless });
  server.on('GET reruns', { items: reruns, next_token: null });
  const { node } = render(<Underway run={run} />, {
    mlops: createMLOps(server),
    commands
  });
  await settle();
  return { node, server, stopped };
}

describe('Underway', () => {
  it('shows which cell runs, and stops it', async () => {
    const { node, stopped } = await show(RUN, [HEADLESS]);
    expect(find(node, '[role=status]').textContent).toBe('cell 3 of 9');
    expect(find<HTMLProgressElement>(node, 'progress').value).toBe(2);
    await settle(() => find(node, 'button', 'Stop').click());
    expect(stopped).toEqual(['r1']);
    const button = find<HTMLButtonElement>(node, 'button', 'Stopping…');
    expect(button.disabled).toBe(true);
  });

  it('shows its place in the queue, which can be left', async () => {
    const waits = { ...HEADLESS, state: 'queued', place: 2, cell: null };
    const { node, stopped } = await show({ ...RUN, status: 'SCHEDULED' }, [
      waits
    ]);
    expect(find(node, '[role=status]').textContent).toBe(
      'number 2 in the queue'
    );
    expect(node.querySelector('progress')).toBeNull();
    const button = find<HTMLButtonElement>(node, 'button', 'Stop');
    expect(button.title).toBe('Take it out of the queue.');
    await settle(() => button.click());
    expect(stopped).toEqual(['r1']);
  });

  it('shows how far the rerun is of which it is one', async () => {
    const rerun = {
      state: 'running',
      created_at: '2026-11-23T10:00:00.000Z',
      steps: [
        { notebook_path: 'etl.ipynb', state: 'unchanged' },
        { notebook_path: 'train.ipynb', state: 'running' }
      ]
    };
    const { node } = await show(RUN, [], [rerun]);
    expect(find(node, '[role=status]').textContent).toBe(
      '1 of 2 stale notebooks are done'
    );
    find(node, 'button', 'Stop');
  });

  it('shows nothing of what others have begun', async () => {
    const { node } = await show(RUN, [{ ...HEADLESS, run_id: 'r2' }]);
    expect(node.textContent).toBe('');
  });

  it.each([
    ['has ended', { status: 'FINISHED' }],
    ['is logged by a kernel', { tags: { 'mlops.kernel_id': 'k' } }]
  ])('asks nothing about a run that %s', async (_, changes) => {
    const { node, server } = await show({ ...RUN, ...changes } as Run, []);
    expect(node.textContent).toBe('');
    expect(server.requests).toEqual([]);
  });
});
