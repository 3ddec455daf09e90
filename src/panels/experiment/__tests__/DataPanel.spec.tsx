import { Signal } from '@lumino/signaling';
import * as React from 'react';

import { click, find, render } from '../../../__tests__/render';
import type { LiveData, LiveDatum, Unseen } from '../../../api/types';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { CommandIDs } from '../../../commands/ids';
import type { INotebookContext } from '../../../hooks/notebook';
import { NotebookContext } from '../../../hooks/notebook';
import { DataPanel } from '../DataPanel';

class FakeReading {
  changed = new Signal<this, void>(this);
  phase = 'ready';
  error: string | null = null;
  data: LiveData | null = null;
  refresh = jest.fn(async () => undefined);
}

function show(state: Partial<FakeReading>) {
  const data = Object.assign(new FakeReading(), state);
  const commands = new FakeCommands();
  const context = { data } as unknown as INotebookContext;
  const { node } = render(
    <NotebookContext.Provider value={context}>
      <DataPanel />
    </NotebookContext.Provider>,
    { commands }
  );
  return { commands, data, node };
}

function datum(path: string, more: Partial<LiveDatum> = {}): LiveDatum {
  return {
    path,
    kind: 'file',
    mode: 'read',
    reader: 'pandas',
    cell_ids: ['c1', 'c2'],
    size: 1234,
    count: null,
    state: null,
    ...more
  };
}

describe('DataPanel', () => {
  it('says what will stand here', () => {
    const live = { live: true, items: [], unseen: [], notes: [] };
    expect(show({ data: live }).node.textContent).toContain('No data yet');
    const dead = { ...live, live: false };
    expect(show({ data: dead }).node.textContent).toContain(
      'No Python or R kernel'
    );
  });

  it('lists what was read and written, and leads to the cells', () => {
    const items = [datum('a/고객.csv'), datum('out.png', { mode: 'write' })];
    const { commands, node } = show({
      data: { live: true, items, unseen: [], notes: [] }
    });
    const read = find(node, 'ul', 'Read');
    expect(read.textContent).toContain('pandas · 1.23 kB');
    expect(find(node, 'ul', 'Written').textContent).toContain('out.png');
    click(find(read, 'button', 'a/고객.csv'));
    expect(commands.executed).toEqual([
      [CommandIDs.showCells, { cellIds: ['c1', 'c2'] }]
    ]);
  });

  it.each([
    ['new', '+new', 'Not in the last snapshot'],
    ['changed', '▲changed', 'Changed since the last snapshot'],
    ['missing', '✕missing', 'Gone since it was used'],
    ['unchanged', '✓As in the last snapshot', 'As in the last snapshot']
  ] as const)('marks what is %s', (state, text, title) => {
    const items = [datum('a.csv', { state })];
    const { node } = show({
      data: { live: true, items, unseen: [], notes: [] }
    });
    const mark = find(node, `.jp-mod-${state}`);
    expect([mark.textContent, mark.title]).toEqual([text, title]);
  });

  it('says what could not be seen', () => {
    const notes = ['httpx could not be watched.'];
    const unseen: Unseen[] = [
      { name: 'make', reason: 'program', detail: null, cell_ids: ['c1'] },
      { name: 'P-1', reason: 'silent', detail: null, cell_ids: [] },
      { name: 'P-2', reason: 'failed', detail: 'another Python', cell_ids: [] }
    ];
    const data = { live: true, items: [], unseen, notes };
    const { commands, node } = show({ data });
    expect(node.textContent).toContain(notes[0]);
    const rows = [...find(node, 'ul', 'Not seen').children];
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining('opened more than its command names'),
      expect.stringContaining('ended without telling'),
      expect.stringContaining('another Python')
    ]);
    click(find(node, 'button', 'make'));
    expect(commands.executed).toEqual([
      [CommandIDs.showCells, { cellIds: ['c1'] }]
    ]);
  });

  it('keeps the last data while the kernel cannot be asked', () => {
    const items = [datum('a.csv')];
    const { data, node } = show({
      data: { live: true, items, unseen: [], notes: [] },
      phase: 'failed',
      error: 'The kernel is busy.'
    });
    expect(find(node, '.jp-MLOpsState-old').textContent).toContain('a.csv');
    click(find(node, 'button', 'Retry'));
    expect(data.refresh).toHaveBeenCalledTimes(1);
  });
});
