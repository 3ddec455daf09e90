import * as React from 'react';

import { createMLOps, trans } from '../../../__tests__/mlops';
import { click, enter, find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import type { Run } from '../../../api/types';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { CompareTab } from '../CompareTab';
import { describeDifference, formatDelta } from '../difference';

// there is no canvas outside of a browser; the browser tests look at the charts
let zoom: ((range: [number, number] | null) => void) | undefined;
jest.mock('../../../components/charts/Canvas', () => ({
  __esModule: true,
  default: (props: { label: string; onZoom?: typeof zoom }) => {
    zoom = props.onZoom;
    return <div role="img" aria-label={props.label} />;
  }
}));

function run(id: string, metrics: object, params: object): Run {
  return {
    run_id: id,
    name: `run ${id}`,
    status: 'FINISHED',
    grade: 'clean',
    author: 'kim',
    started_at: '2026-11-23T10:00:00.000Z',
    ended_at: '2026-11-23T10:00:05.000Z',
    notebook_path: 'train.ipynb',
    metrics,
    params
  } as unknown as Run;
}

const A = run('a', { f1: 0.9, auc: 1, loss: null }, { depth: '4', seed: '1' });
const B = run('b', { f1: 0.926, auc: 1 }, { depth: '5', seed: '1' });

async function show(runIds: string[], items = [B, A]) {
  const server = new FakeServer();
  server.on('GET runs', { items, next_token: null });
  server.on('GET run-curves', { keys: ['f1', 'loss'] });
  for (const id of ['a', 'b']) {
    server.on(`GET runs/${id}/metrics/f1`, {
      run_id: id,
      key: 'f1',
      total: 2,
      points: [0, 1].map(step => ({
        step,
        timestamp: '2026-11-23T10:00:00.000Z',
        value: step
      }))
    });
  }
  const { node } = render(<CompareTab runIds={runIds} />, {
    mlops: createMLOps(server),
    commands: new FakeCommands()
  });
  await settle();
  const open = async (title: string) => {
    await settle(() => find(node, '[role=tab]', title).click());
    await settle();
    return find(node, '[role=tabpanel]');
  };
  return { node, open, server };
}

function tableOf(node: HTMLElement): string[] {
  return [...node.querySelectorAll('tbody tr')].map(row =>
    [...row.children].map(cell => cell.textContent).join('|')
  );
}

describe('CompareTab', () => {
  it('shows what differs, in the order that was asked for', async () => {
    const { node, server } = await show(['a', 'b']);
    expect(server.sent[0].query.filter).toBe("attributes.run_id IN ('a', 'b')");
    expect(node.textContent).toContain(
      'Results: f1 +0.026, loss. Changed: depth 4 → 5.'
    );
    expect(tableOf(node).slice(0, 5)).toEqual([
      'Metrics|',
      'f1|0.9|0.926+0.026',
      'loss|NaN|',
      'Parameters|',
      'depth|4|5'
    ]);
    click(find(node, 'input[type=checkbox]'));
    expect(tableOf(node)).toContain('seed|1|1');
  });

  it('takes another baseline', async () => {
    const { node } = await show(['a', 'b']);
    click(find(node, 'button', 'Make baseline'));
    expect(tableOf(node)[1]).toBe('f1|0.926|0.9−0.026');
  });

  it('says which runs are gone', async () => {
    const { node } = await show(['a', 'b', 'c']);
    expect(node.textContent).toContain('1 of the runs was deleted.');
    const none = await show(['c'], []);
    expect(none.node.textContent).toContain('no two runs');
  });

  it('draws the courses, and reads again what is marked', async () => {
    const { open, server } = await show(['a', 'b']);
    const panel = await open('Curves');
    find(panel, '[role=img]', 'Chart of f1 in 2 runs');
    expect(find(panel, 'figure[aria-label=f1] table').textContent).toContain(
      'run a20101'
    );
    await settle(() => zoom?.([0, 0.5]));
    expect(server.sent.at(-1)).toMatchObject({
      request: 'GET runs/b/metrics/f1',
      query: { max_points: '1000', start_step: '0', end_step: '1' }
    });
    await settle(() => find(panel, 'button', 'Show all').click());
    expect(panel.textContent).not.toContain('Show all');
  });

  it('draws runs by their values', async () => {
    const { open } = await show(['a', 'b']);
    const parallel = await open('Parallel coordinates');
    find(parallel, '[role=img]', 'Parallel coordinates of 2 runs by depth, f1');
    const scatter = await open('Scatter');
    find(scatter, '[role=img]', 'f1 of 2 runs over depth');
    const [horizontal] = scatter.querySelectorAll('select');
    enter(horizontal, 'params.seed');
    find(scatter, '[role=img]', 'f1 of 2 runs over seed');
  });
});

describe('describeDifference', () => {
  it('names what differs among many', () => {
    const many = [
      run('a', { f1: 1, m1: 1, m2: 1, m3: 1, m4: 1 }, { p: '1' }),
      run('b', { f1: 2, m1: 2, m2: 2, m3: 2, m4: 2 }, { p: '1' }),
      A
    ];
    expect(describeDifference(many, trans)).toBe(
      'Results: auc, f1, loss and 4 more. Changed: depth, p, seed.'
    );
  });

  it('says where there is nothing to say', () => {
    expect(describeDifference([A, A], trans)).toContain('same parameters');
    const changed = run('c', A.metrics, { depth: '9', seed: '1' });
    expect(describeDifference([A, changed], trans)).toBe(
      'The results are the same. Changed: depth 4 → 9.'
    );
  });

  it('signs numbers', () => {
    expect([0.0261239, -2, 0].map(formatDelta)).toEqual([
      '+0.02612',
      '−2',
      '±0'
    ]);
  });
});
