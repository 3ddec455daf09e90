import { Notification } from '@jupyterlab/apputils';
import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { click, enter, find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import { openDialog } from '../../../commands/__tests__/dialog';
import { told } from '../../../commands/__tests__/notifications';
import { StorageTab } from '../StorageTab';

const NOTHING = {
  removed: { objects: 0, size_bytes: 0 },
  data: [],
  leftovers: [],
  environments: [],
  compressed: null,
  counted_from: null
};
const SOME = {
  removed: { objects: 12, size_bytes: 3_400_000 },
  data: [{ object_id: '0123456789abcdef', paths: ['고객.csv', 'same.csv'] }],
  leftovers: [{ name: 'x.part', size_bytes: 1000 }],
  environments: [
    { folder: 'env', size_bytes: 5000, reason: 'nobody used it for 90 days' }
  ],
  compressed: null,
  counted_from: null
};

describe('StorageTab', () => {
  let server: FakeServer;

  beforeEach(() => {
    server = new FakeServer();
    server.on('GET storage', ({ query }) =>
      Response.json({
        keep_data: query.keep_data ?? 'off',
        set_rule: 'off',
        would_go: query.keep_data ? SOME : NOTHING
      })
    );
    server.on('GET erasures', { items: [], count: 0 });
  });

  afterEach(() => void Notification.dismiss());

  async function show(): Promise<HTMLElement> {
    const { node } = render(<StorageTab />, { mlops: createMLOps(server) });
    await settle();
    return node;
  }

  async function ask(node: HTMLElement, rule: string): Promise<void> {
    enter(find<HTMLInputElement>(node, 'input'), rule);
    await settle(() => find(node, 'button', 'Show what would go').click());
  }

  it('says that nothing would go', async () => {
    const node = await show();
    expect(node.textContent).toContain('Nothing would be removed');
    expect(node.textContent).toContain('Nothing was erased');
    expect(find<HTMLInputElement>(node, 'input').value).toBe('off');
  });

  it('shows what would go by another rule, and removes it when asked', async () => {
    const node = await show();
    await ask(node, ' newest 10 ');
    expect(find(node, 'p[role=status]').textContent).toBe(
      'By the rule “newest 10”: 12 objects, 3.4 MB · 1 file of crashes, 1 kB · 1 environment, 5 kB'
    );
    expect(node.textContent).toContain('고객.csv, same.csv 01234567');
    server.on('POST storage/collections', SOME);
    click(find(node, 'button', 'Remove…'));
    const dialog = await openDialog();
    expect(dialog.textContent).toContain('1 content of data');
    await settle(() => find(dialog, 'button.jp-mod-warn').click());
    const sent = server.sent.filter(({ request }) =>
      request.startsWith('POST')
    );
    expect(sent.map(({ body }) => body)).toEqual([{ keep_data: 'newest 10' }]);
    expect(told()[0]).toContain('Removed 12 objects, 3.4 MB');
    const reads = server.requests.filter(request => request === 'GET storage');
    expect(reads).toHaveLength(3);
  });

  it('removes nothing that was not confirmed', async () => {
    const node = await show();
    await ask(node, 'newest 10');
    click(find(node, 'button', 'Remove…'));
    const dialog = await openDialog();
    await settle(() => find(dialog, 'button.jp-mod-reject').click());
    expect(server.requests).not.toContain('POST storage/collections');
  });

  it('says what is wrong with a rule, and keeps what it showed', async () => {
    const node = await show();
    server.refuse('GET storage', 422, 'keep_data is x.');
    await ask(node, 'x');
    expect(find(node, '[role=alert]').textContent).toContain('keep_data is x.');
  });

  it('says that the clock may have jumped', async () => {
    server.on('GET storage', {
      keep_data: '90d',
      set_rule: '90d',
      would_go: { ...NOTHING, counted_from: '2026-01-01T00:00:00.000Z' }
    });
    expect((await show()).textContent).toContain('--trust-clock');
  });

  it('lists what was erased, and how many more there are', async () => {
    server.on('GET erasures', {
      items: [
        {
          object_id: '0123456789abcdef',
          erased_at: '2026-11-23T10:00:00.000Z',
          author: 'kim',
          reason: 'asked by a customer',
          paths: ['고객.csv']
        }
      ],
      count: 3
    });
    const node = await show();
    const table = find(node, 'table', 'Erasures');
    expect(table.textContent).toContain('kim');
    expect(table.textContent).toContain('asked by a customer');
    expect(node.textContent).toContain('and 2 more');
  });
});
