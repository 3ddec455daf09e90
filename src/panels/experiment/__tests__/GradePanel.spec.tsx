import { Signal } from '@lumino/signaling';
import * as React from 'react';

import { click, find, render } from '../../../__tests__/render';
import type { NotebookGrade } from '../../../api/types';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { CommandIDs } from '../../../commands/ids';
import type { INotebookContext } from '../../../hooks/notebook';
import { NotebookContext } from '../../../hooks/notebook';
import { GradePanel } from '../GradePanel';

class FakeGrade {
  changed = new Signal<this, void>(this);
  phase = 'ready';
  error: string | null = null;
  data: NotebookGrade | null = null;
  refresh = jest.fn(async () => undefined);

  set(state: Partial<FakeGrade>): void {
    Object.assign(this, state);
    React.act(() => this.changed.emit());
  }
}

function show(state: Partial<FakeGrade>) {
  const grade = new FakeGrade();
  const commands = new FakeCommands();
  const context = { grade } as unknown as INotebookContext;
  const { node } = render(
    <NotebookContext.Provider value={context}>
      <GradePanel />
    </NotebookContext.Provider>,
    { commands }
  );
  grade.set(state);
  return { commands, grade, node };
}

const STALE: NotebookGrade = {
  grade: 'stale',
  reasons: [
    { code: 'edited', message: 'Cell 3 was edited.', cell_id: 'c3' },
    { code: 'deleted', message: 'x comes from elsewhere.', cell_id: null }
  ]
};

describe('GradePanel', () => {
  it('says what a grade means', () => {
    const { node } = show({ data: { grade: 'clean', reasons: [] } });
    expect(find(node, '[role=img]', 'Grade: clean').textContent).toBe('●');
    expect(node.textContent).toContain('Every cell ran once');
    expect(node.querySelector('ul')).toBeNull();
  });

  it('leads from a reason to its cell, where it has one', () => {
    const { commands, node } = show({ data: STALE });
    expect(node.querySelectorAll('li')).toHaveLength(2);
    click(find(node, 'button', 'Cell 3 was edited.'));
    expect(commands.executed).toEqual([
      [CommandIDs.showCells, { cellIds: ['c3'] }]
    ]);
  });

  it('offers a clean run where there is a kernel that would tell of it', () => {
    const run = (node: HTMLElement) => node.textContent?.includes('Run clean');
    expect(run(show({ data: STALE }).node)).toBe(true);
    for (const code of ['no-kernel', 'running']) {
      const reasons = [{ code, message: 'No.', cell_id: null }];
      const data = { grade: 'unknown' as const, reasons };
      expect(run(show({ data }).node)).toBe(false);
    }
  });

  it('is drawn again when the grade changes', () => {
    const { grade, node } = show({ data: STALE });
    grade.set({ data: { grade: 'valid', reasons: [] } });
    expect(node.textContent).toContain('would give the same results');
  });

  it('keeps the last grade, dimmed, while the kernel cannot be asked', () => {
    const { grade, node } = show({
      data: STALE,
      phase: 'failed',
      error: 'The kernel is dead.'
    });
    expect(find(node, '[role=alert]').textContent).toContain('is dead');
    find(node, '.jp-MLOpsState-old');
    click(find(node, 'button', 'Retry'));
    expect(grade.refresh).toHaveBeenCalledTimes(1);
  });
});
