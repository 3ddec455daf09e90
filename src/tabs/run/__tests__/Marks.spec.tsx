import { Signal } from '@lumino/signaling';
import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { click, find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import type { Snapshot } from '../../../api/types';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { CommandIDs } from '../../../commands/ids';
import { Marks } from '../Marks';

const SNAPSHOT = { id: 's1', note: null, tags: [], pinned: false };

function show() {
  const server = new FakeServer();
  const stream = new Signal<object, object>({});
  const commands = new FakeCommands();
  const snapshot = SNAPSHOT as unknown as Snapshot;
  const { node } = render(<Marks snapshot={snapshot} />, {
    mlops: createMLOps(server, stream),
    commands
  });
  const change = () =>
    stream.emit({
      schema_id: 'https://events.jupyter.org/jupyter_mlops/snapshots/v1',
      action: 'changed',
      id: 's1'
    });
  return { change, commands, node, server };
}

describe('Marks', () => {
  it('offers to say something where nothing is said', () => {
    const { commands, node, server } = show();
    click(find(node, 'button', 'Add a note…'));
    click(find(node, 'button', 'Pin'));
    expect(commands.executed).toEqual([
      [CommandIDs.annotateSnapshot, { snapshotId: 's1' }],
      [CommandIDs.pinSnapshot, { snapshotId: 's1' }]
    ]);
    expect(server.requests).toEqual([]);
  });

  it('shows what another tab writes', async () => {
    const { change, node, server } = show();
    server.on('GET snapshots/s1', {
      ...SNAPSHOT,
      note: '좋다',
      tags: ['paper'],
      pinned: true
    });
    await settle(change);
    expect(node.textContent).toBe('좋다paperPinnedEdit note and tags…');
    const pin = find(node, 'button', 'Pinned');
    expect(pin.getAttribute('aria-pressed')).toBe('true');
  });
});
