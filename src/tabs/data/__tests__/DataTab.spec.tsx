import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { enter, find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { DataTab } from '../DataTab';

const PATH = 'data/고객.csv';
const OLD = 'aaaaaaaa11111111';
const NEW = 'bbbbbbbb22222222';

const VERSION = {
  kind: 'file',
  size: 1234,
  snapshots: 2,
  first_seen: '2026-11-23T10:00:00.000Z',
  last_seen: '2026-11-24T10:00:00.000Z',
  kept: true,
  note: null
};
const VERSIONS = {
  path: PATH,
  items: [
    { ...VERSION, digest: NEW },
    { ...VERSION, digest: OLD, kept: false, note: 'erased by kim' }
  ],
  present: { exists: true, digest: NEW }
};
const DIFF = {
  old: OLD,
  new: NEW,
  added: 0,
  removed: 0,
  changed: 1,
  files: [],
  table: {
    old_rows: 1000,
    new_rows: 1200,
    columns_added: ['age'],
    columns_removed: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
    rows_added: 210,
    rows_removed: 10
  }
};
const COLUMN = {
  name: 'id',
  type: 'int64',
  missing: 0,
  distinct: 5,
  quantiles: [1, 2, 3, 4, 5],
  mean: 3,
  min: null,
  max: null,
  top: []
};

function profile(...columns: object[]): object {
  return { rows: 5, looked_at: 5, column_count: 1, columns, note: null };
}

async function show(answer: (server: FakeServer) => void) {
  const server = new FakeServer();
  const commands = new FakeCommands();
  server.on('GET data/diff', DIFF);
  server.on('GET data/profile', ({ query }) =>
    Response.json(
      query.version === OLD
        ? profile(COLUMN)
        : profile({ ...COLUMN, quantiles: [1, 2, 3, 4, 9] })
    )
  );
  server.on('GET data/uses', {
    items: [
      {
        snapshot_id: 's1',
        run_id: 'r1',
        notebook_path: 'train.ipynb',
        created_at: '2026-11-23T10:00:00.000Z',
        grade: 'clean',
        path: 'data',
        modes: ['read', 'write']
      }
    ],
    next_token: null
  });
  answer(server);
  const { node } = render(<DataTab path={PATH} />, {
    mlops: createMLOps(server),
    commands
  });
  await settle();
  return { executed: commands.executed, node, server };
}

describe('DataTab', () => {
  it('lists versions, and says which of them is in the project', async () => {
    const { node } = await show(server =>
      server.on('GET data/versions', VERSIONS)
    );
    const rows = [...node.querySelectorAll('table[aria-label=Versions] tr')];
    expect(rows[1].textContent).toContain('in the project');
    expect(rows[2].textContent).toContain('erased by kim');
    expect(node.textContent).toContain('in the project is version bbbbbbbb');
  });

  it('says where the file in the project is no version, or gone', async () => {
    for (const [present, text] of [
      [{ exists: true, digest: 'cccc' }, 'none of them'],
      [{ exists: false, digest: null }, 'not there any more'],
      [{ exists: true, digest: null }, 'was not read']
    ] as const) {
      const { node } = await show(server =>
        server.on('GET data/versions', { ...VERSIONS, present })
      );
      expect(node.textContent).toContain(text);
    }
  });

  it('says what is different between the newest and the one before', async () => {
    const items = VERSIONS.items.map(item => ({ ...item, note: null }));
    const { node, server } = await show(given =>
      given.on('GET data/versions', { ...VERSIONS, items })
    );
    const diff = find(node, 'section', 'What is different');
    expect(diff.textContent).toContain('rows 1,000 → 1,200');
    expect(diff.textContent).toContain('210 new, 10 gone');
    expect(diff.textContent).toContain('column age added');
    expect(diff.textContent).toContain(
      'columns a, b, c, d, e and 2 more removed'
    );
    const columns = find(diff, 'table', 'Columns');
    expect(columns.textContent).toContain('1 · 2 · 3 · 4 · 5');
    expect(columns.textContent).toContain('1 · 2 · 3 · 4 · 9');
    const sent = server.sent.find(({ request }) => request === 'GET data/diff');
    expect(sent?.query).toEqual({ path: PATH, old: OLD, new: NEW });
  });

  it('compares others when they are chosen', async () => {
    const { node } = await show(server =>
      server.on('GET data/versions', VERSIONS)
    );
    const [from] = node.querySelectorAll('select');
    enter(from, NEW);
    await settle();
    expect(node.textContent).toContain('Both are the same version.');
  });

  it('tells who used a version, and opens the snapshot', async () => {
    const { executed, node } = await show(server =>
      server.on('GET data/versions', VERSIONS)
    );
    await settle(() => find(node, 'button', 'Version bbbbbbbb').click());
    const uses = find(node, 'ul', 'Snapshots that used it');
    expect(uses.textContent).toContain('read, written, in the folder data');
    await settle(() => find(uses, 'li').click());
    await settle(() => find(node, 'button', 'Write a copy…').click());
    expect(executed).toEqual([
      ['mlops:open-run', { runId: 'r1', snapshotId: 's1' }],
      ['mlops:get-data', { path: PATH, version: NEW }]
    ]);
  });

  it('offers nothing where the content is gone', async () => {
    const { node } = await show(server =>
      server.on('GET data/versions', VERSIONS)
    );
    await settle(() => find(node, 'button', 'Version aaaaaaaa').click());
    expect(node.textContent).not.toContain('Write a copy');
    expect(node.textContent).not.toContain('Put in place');
  });

  it('says what to do where there is none, and fails with Retry', async () => {
    const none = await show(server =>
      server.on('GET data/versions', { path: PATH, items: [], present: null })
    );
    expect(none.node.textContent).toContain('click Snapshot');
    const failed = await show(server =>
      server.refuse('GET data/versions', 503, 'The disk is full.')
    );
    expect(find(failed.node, '[role=alert]').textContent).toContain(
      'The disk is full.'
    );
  });
});
