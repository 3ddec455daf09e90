import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { RunTab } from '../RunTab';

export const RUN = {
  run_id: 'r1',
  name: 'train.ipynb',
  notebook_path: 'train.ipynb',
  lifecycle_stage: 'active',
  status: 'FINISHED',
  grade: 'stale',
  author: 'kim',
  started_at: '2026-11-23T10:00:00.000Z',
  snapshot_id: 'abcdef0123456789',
  error: null,
  metrics: { f1: 0.94721 },
  params: { max_depth: '4' },
  tags: { 'mlops.snapshot_id': 'abcdef0123456789' }
};

export const MANIFEST = {
  reasons: [
    { code: 'order', message: 'Cell 3 is older.', cell_id: 'c2' },
    { code: 'unseen', message: 'Nothing was seen.', cell_id: null }
  ],
  notes: ['A note.'],
  masked: [{ kind: 'token', where: 'code', count: 2 }],
  models: [],
  files: [
    {
      path: 'data/고객.csv',
      kind: 'file',
      mode: 'read',
      count: null,
      reader: 'pandas',
      cell_ids: ['c1', 'c2'],
      size: 1234,
      digest: '0123456789abcdef',
      object_id: null,
      note: 'too large to keep'
    },
    {
      path: 'postgresql://db/shop#orders',
      kind: 'table',
      mode: 'read',
      size: null,
      count: null,
      digest: null,
      object_id: null,
      reader: 'sqlalchemy',
      cell_ids: [],
      note: null
    },
    {
      path: 'images',
      kind: 'folder',
      mode: 'write',
      size: 5000,
      count: 99,
      digest: 'fedcba',
      object_id: 'fedcba',
      reader: null,
      cell_ids: ['c2'],
      note: null
    }
  ],
  cells: [
    { cell_id: 'c1', execution_count: 2 },
    { cell_id: 'c2', execution_count: 5 }
  ],
  figures: [{ cell_id: null, mime_type: 'image/png', object_id: 'o' }],
  environment: {
    language: 'python',
    language_version: '3.11.7',
    implementation: 'CPython',
    executable: '/opt/env/bin/python',
    platform: 'Linux',
    packages: [
      { name: 'numpy', version: '2.4.0', source: null },
      { name: 'scikit-learn', version: '1.9.1', source: null }
    ],
    hardware: {
      machine: 'x86_64',
      cpu_count: 2,
      memory_bytes: null,
      cpu_model: 'Chip 5',
      gpus: ['Card, 24 GB']
    },
    lock: { format: 'pylock', object_id: 'o' }
  },
  code: {
    commit: '1f0acee',
    branch: null,
    dirty: true,
    diff: '+new\n-old\n',
    note: null
  },
  modules: [],
  seeds: {}
};

/**
 * The tab of the run `r1`, once it has read what there is.
 */
export async function show(
  run: object,
  manifest: object | null,
  others: object[] = []
) {
  const server = new FakeServer();
  const commands = new FakeCommands();
  commands.addCommand('docmanager:open', {
    execute: args => void commands.executed.push(['docmanager:open', args]),
    describedBy: { args: null }
  });
  server.on('GET status', { project: '/home/kim', root: '/home' });
  server.on('GET runs/r1', run);
  server.on('GET snapshots/abcdef0123456789', {
    id: 'abcdef0123456789',
    message: null,
    note: 'a note of ours',
    tags: ['paper'],
    pinned: true,
    origin: 'run-all',
    others,
    manifest
  });
  server.on('GET snapshots/abcdef0123456789/receipts', { items: [] });
  server.on('GET snapshots/abcdef0123456789/figures/0', {
    mime_type: 'image/png',
    data: 'QUJD'
  });
  const { node } = render(<RunTab subject={{ runId: 'r1' }} />, {
    mlops: createMLOps(server),
    commands
  });
  await settle();
  const open = async (title: string) => {
    await settle(() => find(node, '[role=tab]', title).click());
    return find(node, '[role=tabpanel]');
  };
  return { executed: commands.executed, node, open, server };
}
