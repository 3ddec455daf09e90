import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { click, find, press, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { Elsewhere } from '../Elsewhere';
import { useElsewhere } from '../useElsewhere';
import type { IFind } from '../useFind';
import { LINEAGE } from './lineages';

const FOUND = [
  { id: 'data:data/a.csv', kind: 'data', name: 'data/a.csv', version: null },
  { id: 'data:old/a.csv', kind: 'data', name: 'old/a.csv', version: null },
  { id: 'version:a.b/7', kind: 'version', name: 'a.b', version: 7 }
];

function Shown(props: { text: string; count: number; onEscape: () => void }) {
  const found = useElsewhere(props as unknown as IFind, LINEAGE);
  return found.isTold ? (
    <Elsewhere found={found} onEscape={props.onEscape} />
  ) : null;
}

async function show(prepare: (server: FakeServer) => void, count = 0) {
  const server = new FakeServer();
  const commands = new FakeCommands();
  prepare(server);
  const onEscape = jest.fn();
  const { node } = render(
    <Shown text=" a. " count={count} onEscape={onEscape} />,
    { mlops: createMLOps(server), commands }
  );
  await settle();
  return { commands, node, onEscape, server };
}

describe('Elsewhere', () => {
  it('lists what is not drawn, and opens it as a start', async () => {
    const { commands, node, onEscape, server } = await show(server =>
      server.on('GET lineage/search', { items: FOUND, cut: true })
    );
    expect(server.sent[0].query).toEqual({ text: 'a.' });
    const rows = [...node.querySelectorAll('li')];
    expect(rows.map(row => row.getAttribute('aria-label'))).toEqual([
      'Data, old/a.csv',
      'Model version, a.b v7'
    ]);
    expect(node.textContent).toContain('There are more: type more');
    press(rows[0], 'ArrowDown');
    press(rows[1], 'Enter');
    click(rows[0]);
    expect(commands.executed).toEqual([
      ['mlops:open-lineage', { node: 'version:a.b/7' }],
      ['mlops:open-lineage', { node: 'data:old/a.csv' }]
    ]);
    press(rows[0], 'Escape');
    expect(onEscape).toHaveBeenCalledTimes(1);
  });

  it('says that nothing is called so, but not beside what is drawn', async () => {
    const none = (server: FakeServer) =>
      server.on('GET lineage/search', { items: FOUND.slice(0, 1), cut: false });
    expect((await show(none)).node.textContent).toContain(
      'Nothing else is called so.'
    );
    expect((await show(none, 1)).node.textContent).toBe('');
  });

  it('says why it could not look, and tries again', async () => {
    const { node, server } = await show(
      server => server.refuse('GET lineage/search', 503, 'The store is away.'),
      1
    );
    expect(find(node, '[role=alert]').textContent).toContain(
      'The store is away.'
    );
    server.on('GET lineage/search', { items: FOUND, cut: false });
    await settle(() => find(node, 'button', 'Retry').click());
    expect(node.querySelectorAll('li')).toHaveLength(2);
  });
});
