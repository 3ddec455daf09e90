import * as React from 'react';

import { click, find, press, render } from '../../__tests__/render';
import { RovingList } from '../RovingList';

const LABEL = 'Runs';
const RUNS = [
  { id: 'r1', name: '첫 실행' },
  { id: 'r2', name: 'second' },
  { id: 'r3', name: 'third' }
];

type Run = (typeof RUNS)[number];

describe('RovingList', () => {
  let opened: jest.Mock;
  let node: HTMLElement;

  const row = (name: string) => find(node, 'li', name);

  beforeEach(() => {
    opened = jest.fn();
    const view = (
      <RovingList<Run>
        label={LABEL}
        items={RUNS}
        keyOf={({ id }) => id}
        describe={({ id, name }) => ({
          label: `run ${name}`,
          title: `path of ${name}`,
          data: { 'data-run-id': id }
        })}
        render={({ name }) => <b>{name}</b>}
        onOpen={opened}
      />
    );
    ({ node } = render(view));
  });

  it('names itself and its rows', () => {
    const list = find(node, 'ul', LABEL);
    const rows = [...list.children] as HTMLElement[];
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      '첫 실행',
      'second',
      'third'
    ]);
    expect(row('run 첫 실행').title).toBe('path of 첫 실행');
  });

  it('tells the context menu what a row is about', () => {
    expect(row('run second').dataset.runId).toBe('r2');
  });

  it('opens by mouse', () => {
    click(row('run third'));
    expect(opened.mock.calls).toEqual([[RUNS[2]]]);
  });

  it('opens by keyboard', () => {
    React.act(() => row('run 첫 실행').focus());
    press(document.activeElement!, 'End');
    press(document.activeElement!, 'ArrowUp');
    expect(document.activeElement).toBe(row('run second'));
    press(document.activeElement!, 'Enter');
    expect(opened.mock.calls).toEqual([[RUNS[1]]]);
  });
});
