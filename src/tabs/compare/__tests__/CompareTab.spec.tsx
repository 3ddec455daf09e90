import { Clipboard } from '@jupyterlab/apputils';
import { Signal } from '@lumino/signaling';
import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { click, enter, find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import type { Comparison, Run } from '../../../api/types';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { CompareTab } from '../CompareTab';
import { comparisonOf, dataState, run } from './comparison';

// there is no canvas outside of a browser; the browser tests look at the charts
let zoom: ((range: [number, number] | null) => void) | undefined;
jest.mock('../../../components/charts/Canvas', () => ({
  __esModule: true,
  default: (props: { label: string; onZoom?: typeof zoom }) => {
    zoom = props.onZoom;
    return <div role="img" aria-label={props.label} />;
  }
}));

const SOURCE = 'depth = 5';
const A = run('A', { f1: 0.9, auc: 1, loss: null }, { depth: '4', seed: '1' });
const B = run('B', { f1: 0.926, auc: 1 }, { depth: '5', seed: '1' });
const C = run('c', { f1: 0.9 }, {});

async function show(
  runs: Run[],
  more: Partial<Comparison> = {},
  stream?: Signal<object, object>
) {
  const server = new FakeServer();
  server.on('GET comparisons', ({ query }) => {
    const find = (id: string) =>
      runs.find(({ run_id: name }) => id === name || id === `s${name}`);
    const found = query.ids.split(',').flatMap(id => find(id) ?? []);
    return Response.json(comparisonOf(found, more));
  });
  server.on('GET comparisons/cells', {
    base_id: 'sA',
    other_id: 'sB',
    left_out: 3,
    items: [
      {
        base: 0,
        other: 1,
        cell_id: 'x',
        cell_type: 'code',
        title: SOURCE,
        changes: ['edited', 'moved']
      }
    ]
  });
  server.on('GET run-curves', { keys: ['f1', 'loss'] });
  for (const id of ['A', 'B']) {
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
  const { node } = render(
    <CompareTab runIds={runs.map(({ run_id: id }) => id)} />,
    { mlops: createMLOps(server, stream), commands: new FakeCommands() }
  );
  await settle();
  const open = async (title: string) => {
    await settle(() => find(node, '[role=tab]', title).click());
    await settle();
    return find(node, '[role=tabpanel]');
  };
  return { node, open, server };
}

/**
 * The ids of each comparison that was asked for.
 */
function idsAsked({ sent }: FakeServer): string[] {
  return sent
    .filter(({ request }) => request === 'GET comparisons')
    .map(({ query }) => query.ids);
}

function tableOf(node: HTMLElement): string[] {
  return [...node.querySelectorAll('tbody tr')].map(row =>
    [...row.children].map(cell => cell.textContent).join('|')
  );
}

describe('CompareTab', () => {
  it('shows what differs, in the order that was asked for', async () => {
    const { node } = await show([A, B]);
    expect(node.textContent).toContain(
      'f1 +0.026, loss. Changed: depth 4 → 5; 1 cell edited, 1 moved.'
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

  it('finds rows by their names, which are then exported', async () => {
    const { node } = await show([A, B]);
    click(find(node, 'input[type=checkbox]'));
    const search = find(node, '[aria-label="Find rows"]') as HTMLInputElement;
    enter(search, 'EE s');
    expect(tableOf(node)).toEqual(['Parameters|', 'seed|1|1']);
    const copied = jest.spyOn(Clipboard, 'copyToSystem').mockReturnValue();
    click(find(node, 'button', 'Copy as Markdown'));
    expect(copied.mock.calls[0][0]).toMatch(
      /^\|[^\n]+\n\|[^\n]+\n\| Parameter \| seed \| 1 \| 1 \|\n$/
    );
    enter(search, 'nothing');
    expect(node.textContent).toContain('No row is called like that.');
    enter(search, '');
    expect(tableOf(node)).toContain('depth|4|5');
  });

  it('names runs by what was varied, or as is chosen', async () => {
    const { node } = await show([A, B, run('D', { f1: 0.9 }, { depth: '6' })]);
    const heads = () =>
      [...node.querySelectorAll('thead th')].map(head => head.textContent);
    expect(heads()[2]).not.toContain('depth');
    const choice = find(
      node,
      '.jp-MLOpsCompare-naming select'
    ) as HTMLSelectElement;
    expect([...choice.options].map(({ text }) => text)).toEqual([
      'id',
      'depth',
      'seed'
    ]);
    enter(choice, '=depth');
    expect(heads()[2]).toContain('depth 6');
  });

  it('folds its sections', async () => {
    const { node } = await show([A, B]);
    click(find(node, 'button', 'Metrics'));
    expect(tableOf(node).slice(0, 2)).toEqual(['Metrics|', 'Parameters|']);
  });

  it('takes a run out, of two none', async () => {
    const { node, server } = await show([A, B, C]);
    expect(node.querySelectorAll('thead th')).toHaveLength(3);
    const name = 'Take run B out of the comparison';
    await settle(() => click(find(node, 'button', name)));
    expect(server.sent.at(-1)?.query.ids).toBe('sA,c');
    expect(node.querySelector('button[title*="out of the"]')).toBeNull();
  });

  it('draws distances also where one is infinite and one has no value', async () => {
    const names = ['A', 'B', 'D', 'E'];
    const values = [1, 1.5, null, Number.MAX_VALUE];
    const { node } = await show(
      names.map((name, at) => run(name, { loss: values[at] }, {})),
      { metrics: [{ name: 'loss', values, differs: true, noise: null }] }
    );
    expect(tableOf(node)).toContain('loss|1|1.5+0.5|NaN|∞+∞');
    const bars = [...node.querySelectorAll<HTMLElement>('.jp-mod-delta')];
    expect(bars.at(-1)!.style.width).toBe('50%');
  });

  it('says how many packages are the same', async () => {
    const { node } = await show([A, B], {
      environment: { facts: [], packages: [], same_packages: 40 }
    });
    expect(tableOf(node)).toContain('40 packages are the same.|');
  });

  it('follows runs that are named by their snapshots', async () => {
    const stream = new Signal<object, object>({});
    const { node, server } = await show([A, B], {}, stream);
    await settle(() => click(find(node, 'button', 'Make baseline')));
    const before = server.sent.length;
    await settle(() =>
      stream.emit({
        schema_id: 'https://events.jupyter.org/jupyter_mlops/tracking/v1',
        action: 'changed',
        id: 'B'
      })
    );
    expect(server.sent.length).toBe(before + 1);
    expect(server.sent.at(-1)?.query.ids).toBe('sB,sA');
  });

  it('takes another baseline', async () => {
    const { node, server } = await show([A, B]);
    await settle(() => click(find(node, 'button', 'Make baseline')));
    await settle();
    expect(idsAsked(server).at(-1)).toBe('sB,sA');
    expect(tableOf(node)[1]).toBe('f1|0.926|0.9−0.026');
  });

  it('puts the runs in the order of a row', async () => {
    const D = run('D', { f1: 0.95, auc: 1 }, { depth: '3' });
    const { node, server } = await show([A, B, D]);
    const heads = () =>
      [...node.querySelectorAll('tbody th')].filter(
        head => head.textContent === 'f1'
      );
    await settle(() => click(find(node, 'button', 'f1')));
    await settle();
    expect(server.sent.at(-1)?.query.ids).toBe('sA,sD,sB');
    expect(heads()[0].getAttribute('aria-sort')).toBe('descending');
    await settle(() => click(find(node, 'button', 'f1')));
    await settle();
    expect(server.sent.at(-1)?.query.ids).toBe('sA,sB,sD');
    expect(heads()[0].getAttribute('aria-sort')).toBe('ascending');
  });

  it('says what the runs read, and where the difference is noise', async () => {
    const { node } = await show([A, B], {
      metrics: [
        { name: 'f1', values: [0.9, 0.926], differs: true, noise: 0.03 }
      ],
      data: [
        {
          path: 'a.csv',
          mode: 'read',
          kind: 'file',
          differs: true,
          states: [dataState('baseline', { rows: 10 }), dataState('removed')]
        }
      ],
      data_left_out: 7
    });
    expect(tableOf(node)).toEqual(
      expect.arrayContaining([
        'f1± 0.03 by seed|0.9|0.926+0.026within noise',
        'a.csv|abcdef0110 rows, 1 kB|− removed1 kB',
        '7 more are not shown|'
      ])
    );
  });

  it('says which runs are gone', async () => {
    const { node } = await show([A, B], { missing: ['x'] });
    expect(node.textContent).toContain('1 of the runs is gone.');
  });

  it('says why cells cannot be compared', async () => {
    const { open } = await show([A, C]);
    const panel = await open('Cells');
    expect(panel.textContent).toContain('compared between snapshots');
  });

  it('counts what became of the cells', async () => {
    const { open, server } = await show([A, B]);
    const panel = await open('Cells');
    expect(find(panel, '[role=status]').textContent).toBe('1 edited, 1 moved');
    expect(panel.textContent).toContain('The last 3 cells are not compared');
    expect(server.sent.at(-1)?.query).toEqual({ base: 'sA', other: 'sB' });
  });

  it('lists what differs beside the notebook', async () => {
    const module = (path: string, digests: (string | null)[]) => ({
      path,
      digests,
      indexes: digests.map(digest => (digest === null ? null : 0)),
      differs: digests[0] !== digests[1]
    });
    const { open } = await show([A, B], {
      code: {
        facts: [{ name: 'diff', values: ['d1', 'd2'], differs: true }],
        modules: [
          module('same.py', ['1', '1']),
          module('helper.py', ['1', '2']),
          module('new.py', [null, '2'])
        ]
      }
    });
    const panel = await open('Cells');
    const beside = find(panel, 'section', 'Beside the notebook');
    expect(
      [...beside.querySelectorAll('button')].map(row => row.textContent)
    ).toEqual([
      '≠helper.pyedited',
      '+new.pyadded',
      '≠Uncommitted changesedited'
    ]);
  });

  it('draws the courses, and reads again what is marked', async () => {
    const { open, server } = await show([A, B]);
    const panel = await open('Curves');
    find(panel, '[role=img]', 'Chart of f1 in 2 runs');
    expect(find(panel, 'figure[aria-label=f1] table').textContent).toContain(
      'run A20101'
    );
    await settle(() => zoom?.([0, 0.5]));
    expect(server.sent.at(-1)).toMatchObject({
      request: 'GET runs/B/metrics/f1',
      query: { max_points: '1000', start_step: '0', end_step: '1' }
    });
    await settle(() => find(panel, 'button', 'Show all').click());
    expect(panel.textContent).not.toContain('Show all');
  });

  it('draws runs by their values', async () => {
    const { open } = await show([A, B]);
    const parallel = await open('Parallel coordinates');
    find(parallel, '[role=img]', 'Parallel coordinates of 2 runs by depth, f1');
    const scatter = await open('Scatter');
    find(scatter, '[role=img]', 'f1 of 2 runs over depth');
    const [horizontal] = scatter.querySelectorAll('select');
    enter(horizontal, 'params.seed');
    find(scatter, '[role=img]', 'f1 of 2 runs over seed');
  });
});
