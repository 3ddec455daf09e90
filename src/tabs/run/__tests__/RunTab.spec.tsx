import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { click, find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { CommandIDs } from '../../../commands/ids';
import { RunTab } from '../RunTab';
import { MANIFEST, RUN, show } from './runs';

// JupyterLab's notebook does not load outside of a browser; the browser tests look at it
jest.mock('../NotebookView', () => ({
  NotebookView: ({ cell }: { cell?: string }) => `marked: ${cell}`
}));

function column(name: string, more: object) {
  const none = { distinct: null, quantiles: null, mean: null };
  return {
    name,
    type: 'object',
    missing: 0,
    ...none,
    min: null,
    max: null,
    top: [],
    ...more
  };
}

describe('RunTab', () => {
  it('shows results, parameters, reasons and figures', async () => {
    const { node } = await show(RUN, MANIFEST);
    const text = node.textContent;
    for (const part of [
      'stale',
      'by kim · after a whole run',
      'f10.9472',
      'max_depth4',
      'a note of ours',
      'paper',
      'Pinned',
      'Cell 3 is older.',
      'A note.',
      '2 secrets were masked: token (code)'
    ]) {
      expect(text).toContain(part);
    }
    expect(find<HTMLImageElement>(node, 'img').src).toBe(
      'data:image/png;base64,QUJD'
    );
  });

  it('leads from a reason to its cell', async () => {
    const { node } = await show(RUN, MANIFEST);
    const reasons = find(node, '.jp-MLOpsRun-reasons');
    expect(reasons.querySelectorAll('button')).toHaveLength(1);
    click(find(reasons, 'button', 'Cell 3 is older.'));
    expect(find(node, '[role=tabpanel]').textContent).toBe('marked: c2');
  });

  it('lists the models that were alive', async () => {
    const model = {
      variable: 'forest',
      class_name: 'RandomForestClassifier',
      framework: 'sklearn',
      fitted: true,
      size_bytes: 2_000,
      example_variable: null,
      supported: true,
      reason: null,
      object_id: 'o'
    };
    const models = [model, { ...model, variable: 'net', object_id: null }];
    const { node } = await show(RUN, { ...MANIFEST, models });
    const section = find(node, 'section', 'Models in the kernel');
    expect(section.textContent).toBe(
      'Models in the kernel' +
        'forestRandomForestClassifier · sklearn · fitted · 2 kB · kept' +
        'netRandomForestClassifier · sklearn · fitted · 2 kB'
    );
  });

  it('shows what was read, and what of it was kept', async () => {
    const { open } = await show(RUN, MANIFEST);
    const panel = await open('Data');
    expect(panel.textContent).toContain('data/고객.csv');
    expect(panel.textContent).toContain('1.23 kB');
    expect(panel.textContent).toContain('too large to keep');
    const [, file, table, folder] = panel.querySelectorAll('tr');
    expect(file.textContent).toContain('pandas [2] [5]');
    expect(table.textContent).toContain('readsqlalchemytable');
    expect(folder.textContent).toContain('written[5]5 kB99 files');
  });

  it('shows on click what a table holds, and why it cannot', async () => {
    const { open, server } = await show(RUN, MANIFEST);
    const panel = await open('Data');
    const name = find<HTMLButtonElement>(panel, 'button', 'data/고객.csv');
    const path = 'GET snapshots/abcdef0123456789/tables/0';
    server.refuse(path, 422, 'It is too large for a profile.');
    await settle(() => name.click());
    expect(find(panel, '[role=alert]').textContent).toContain('too large');
    server.on(path, {
      digest: '0123456789abcdef',
      rows: 300,
      looked_at: 200,
      column_count: 3,
      note: 'train. The file also holds test.',
      columns: [
        column('age', { type: 'int64', quantiles: [18, 30, 41, 55, 90] }),
        column('city', { top: [{ value: '서울', count: 150 }] }),
        column('when', { min: '2026-01-01', max: '2026-02-01', missing: 1 })
      ]
    });
    await settle(() => find(panel, 'button', 'Retry').click());
    const profile = find(panel, 'section', 'Profile of data/고객.csv');
    expect(profile.textContent).toContain(
      '300 rows · 3 columns · described by the first 200 rows'
    );
    expect(profile.textContent).toContain('The file also holds test.');
    const [, age, city, when] = profile.querySelectorAll('tr');
    expect(age.textContent).toContain('18 · 30 · 41 · 55 · 90');
    expect(age.querySelector('svg')).not.toBeNull();
    expect(city.textContent).toContain('서울 75 %');
    expect(when.textContent).toContain('< 1 %2026-01-01 – 2026-02-01');
    click(name);
    expect(panel.querySelector('.jp-MLOpsProfile')).toBeNull();
  });

  it('shows commit and diff', async () => {
    const { open } = await show(RUN, MANIFEST);
    const panel = await open('Code');
    expect(panel.textContent).toContain('1f0acee');
    expect(find(panel, '.jp-mod-added').textContent).toBe('+new\n');
    expect(find(panel, '.jp-mod-removed').textContent).toBe('-old\n');
  });

  it('says why there is no commit', async () => {
    const code = { commit: null, diff: null, note: 'not a git repository' };
    const { open } = await show(RUN, { ...MANIFEST, code });
    const panel = await open('Code');
    expect(panel.textContent).toContain('No commit: not a git repository.');
  });

  it('registers only what was kept', async () => {
    const none = await show(RUN, MANIFEST);
    expect(none.node.textContent).not.toContain('Register model');
    const models = [{ variable: 'model', object_id: 'o' }];
    const { executed, node } = await show(RUN, { ...MANIFEST, models });
    click(find(node, 'button', 'Register model'));
    expect(executed).toEqual([[CommandIDs.registerModel, { runId: 'r1' }]]);
  });

  it('opens the notebook where Jupyter has it', async () => {
    const { executed, node } = await show(RUN, MANIFEST);
    await settle(() => click(find(node, 'button', 'Open notebook')));
    const path = 'kim/train.ipynb';
    expect(executed).toEqual([['docmanager:open', { path }]]);
  });

  it('names the cell that failed', async () => {
    const error = { name: 'KeyError', message: "'age'", cell_index: 4 };
    const { node } = await show({ ...RUN, status: 'FAILED', error }, MANIFEST);
    expect(find(node, '[role=alert]').textContent).toBe(
      "Cell 5 KeyError: 'age'"
    );
  });

  it('shows what is known of a run that still runs', async () => {
    const tags = { 'mlops.output_path': 'out.ipynb' };
    const begun = { status: 'RUNNING', grade: null, snapshot_id: null };
    const run = { ...RUN, ...begun, tags, params: {} };
    const { node, server } = await show(run, null);
    expect(node.textContent).toContain('taken when the run ends');
    expect(find(node, 'section', 'Parameters').textContent).toContain(
      'None yet'
    );
    // it is stopped first
    expect(node.textContent).not.toContain('Delete');
    expect(node.querySelectorAll('[role=tab]')).toHaveLength(2);
    expect(server.requests).not.toContain('GET snapshots/null');
  });

  it('shows the tags of a run that was logged, and what is still missing', async () => {
    const tags = { team: 'a', 'mlflow.user': 'kim', 'mlops.kernel_id': 'k' };
    const { node } = await show({ ...RUN, tags, snapshot_id: null }, null);
    expect(node.textContent).toContain('Click Snapshot in the notebook');
    const text = find(node, '[aria-label="Tags"]').textContent;
    expect(text).toBe('Tagsteama');
  });

  it('shows few of many reasons until all are wanted', async () => {
    const reasons = Array.from({ length: 9 }, (_, at) => ({
      code: 'unrun',
      message: `Cell ${at + 1} was not run.`,
      cell_id: `c${at}`
    }));
    const { node } = await show(RUN, { ...MANIFEST, reasons, notes: [] });
    const list = find(node, '.jp-MLOpsRun-reasons');
    expect(list.children).toHaveLength(7);
    click(find(list, 'button', 'Show 4 more reasons'));
    expect(list.textContent).toContain('Cell 9 was not run.');
    click(find(list, 'button', 'Show fewer reasons'));
    expect(list.textContent).not.toContain('Cell 6 was not run.');
  });

  it('shows the newest snapshot of a run, not what others of it found', async () => {
    const run = {
      ...RUN,
      params: { depth: '4', gone: 'x', rate: '0.1', seed: '7' },
      metrics: { f1: 0.5, loss: 0.25 }
    };
    const found = {
      ...MANIFEST,
      parameters: { depth: 9, rate: 0.2 },
      metrics: { f1: 0.75 }
    };
    const { node } = await show(run, found, [
      { parameters: { depth: 4, gone: 'x' }, metrics: { f1: 0.5 } },
      { parameters: { depth: 5, rate: 0.3 }, metrics: {} }
    ]);
    const rows = (caption: string) =>
      [...find(node, `[aria-label="${caption}"]`).querySelectorAll('tr')].map(
        row => row.textContent
      );
    // a rate and a seed were logged
    expect(rows('Parameters')).toEqual(['depth9', 'rate0.1', 'seed7']);
    expect(rows('Metrics')).toEqual(['f10.75', 'loss0.25']);
  });

  it('shows the snapshot that is meant, though its run has a newer one', async () => {
    const server = new FakeServer();
    const commands = new FakeCommands();
    server.on('GET status', { project: '/home/kim', root: '/home' });
    server.on('GET runs/r1', RUN);
    server.on('GET snapshots/older/receipts', { items: [] });
    server.on('GET snapshots/older', {
      id: 'older',
      run_id: 'r1',
      created_at: '2026-11-23T09:00:00.000Z',
      parent_id: 'oldest',
      grade: 'clean',
      tags: [],
      note: null,
      manifest: {
        ...MANIFEST,
        status: 'FINISHED',
        error: null,
        metrics: { f1: 0.5 },
        parameters: { max_depth: 3, layers: [1, 2] },
        models: [{ variable: 'model', object_id: 'o' }],
        figures: []
      }
    });
    const titles: string[] = [];
    const { node } = render(
      <RunTab
        subject={{ snapshotId: 'older' }}
        onTitle={({ label }) => titles.push(label)}
      />,
      { mlops: createMLOps(server), commands }
    );
    await settle();
    for (const part of ['clean', 'f10.5', 'max_depth3', 'layers[1,2]']) {
      expect(node.textContent).toContain(part);
    }
    expect(titles).toEqual([expect.stringContaining('train.ipynb · ')]);
    for (const label of [
      'Compare with previous',
      'Compare with notebook now',
      'Register model',
      'Delete snapshot…',
      'Open it'
    ]) {
      click(find(node, 'button', label));
    }
    const meant = { runId: 'r1', snapshotId: 'older' };
    expect(commands.executed).toEqual([
      [CommandIDs.comparePrevious, meant],
      [CommandIDs.compareNow, meant],
      [CommandIDs.registerModel, meant],
      [CommandIDs.deleteSnapshot, { snapshotId: 'older' }],
      [CommandIDs.openRun, { runId: 'r1' }]
    ]);
    expect(node.textContent).toContain('The run has a newer snapshot.');
  });

  it('says so when there is no such run', async () => {
    const server = new FakeServer();
    server.refuse('GET runs/r1', 404, 'There is no run r1.');
    const { node } = render(<RunTab subject={{ runId: 'r1' }} />, {
      mlops: createMLOps(server)
    });
    await settle();
    expect(find(node, '[role=alert]').textContent).toContain(
      'There is no run r1.'
    );
  });
});
