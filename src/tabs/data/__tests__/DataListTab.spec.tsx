import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { enter, find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { DataListTab } from '../DataListTab';

const DATUM = {
  path: 'data/고객.csv',
  kind: 'file',
  size: 1234,
  digest: 'aaaa',
  versions: 3,
  snapshots: 1200,
  first_seen: '2026-11-23T10:00:00.000Z',
  last_seen: '2026-11-24T10:00:00.000Z'
};

describe('DataListTab', () => {
  async function show(reply: object) {
    const server = new FakeServer();
    const commands = new FakeCommands();
    server.on('GET data', reply);
    const { node } = render(<DataListTab />, {
      mlops: createMLOps(server),
      commands
    });
    await settle();
    return { executed: commands.executed, node, server };
  }

  it('lists data, and opens the versions of one', async () => {
    const { executed, node } = await show({ items: [DATUM], next_token: null });
    expect(find(node, 'table').textContent).toContain('1.23 kB31,200');
    await settle(() => find(node, 'button', DATUM.path).click());
    expect(executed).toEqual([['mlops:open-versions', { path: DATUM.path }]]);
    expect(node.textContent).not.toContain('Show more');
  });

  it('shows more, and says how to find what is not shown', async () => {
    const { node, server } = await show({ items: [DATUM], next_token: 't' });
    await settle(() => find(node, 'button', 'Show more').click());
    expect(server.sent.at(-1)?.query).toEqual({ limit: '1000', prefix: '' });
    expect(node.textContent).toContain('write the start of a path');
  });

  it('asks for paths that start so once nobody types', async () => {
    const { node, server } = await show({ items: [], next_token: null });
    expect(node.textContent).toContain('click Snapshot');
    jest.useFakeTimers();
    try {
      enter(find<HTMLInputElement>(node, 'input'), 'da');
      enter(find<HTMLInputElement>(node, 'input'), 'data/');
      React.act(() => void jest.advanceTimersByTime(300));
    } finally {
      jest.useRealTimers();
    }
    await settle();
    const asked = server.sent.map(({ query }) => query.prefix);
    expect(asked).toEqual(['', 'data/']);
    expect(node.textContent).toContain('No data has a path that starts so.');
  });
});
