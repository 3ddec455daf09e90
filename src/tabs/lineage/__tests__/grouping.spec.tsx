import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';

import { click, find, render } from '../../../__tests__/render';
import type { Lineage, LineageNode } from '../../../api/types';
import { CardButton } from '../CardButton';
import { groupFace } from '../groupFace';
import { groupLike, pattern } from '../grouping';
import { found } from '../shown';
import { node } from './lineages';

const NONE = new Set<string>();
const NOTEBOOK = node('notebook', 'train.ipynb');
const OUT = node('data', 'model.pkl');

function parts(count: number, state: LineageNode['state'] = 'current') {
  return Array.from({ length: count }, (_, at) =>
    node('data', `data/part-${at}.csv`, { state })
  );
}

function runs(count: number) {
  return Array.from({ length: count }, (_, at) =>
    node('snapshot', `${at}`.repeat(8), {
      status: 'FINISHED',
      created_at: `2026-11-0${(at % 9) + 1}T00:00:00Z`
    })
  );
}

function project(read: LineageNode[], made: LineageNode[]): Lineage {
  return {
    start: null,
    cut: false,
    left_out: 0,
    nodes: [...read, NOTEBOOK, ...made, OUT],
    edges: [
      ...read.map(({ id }) => ({
        source: id,
        target: NOTEBOOK.id,
        kind: 'reads' as const
      })),
      ...made.flatMap(({ id }) => [
        { source: NOTEBOOK.id, target: id, kind: 'runs' as const },
        { source: id, target: OUT.id, kind: 'writes' as const }
      ])
    ]
  };
}

const names = ({ nodes }: Lineage) => nodes.map(({ name }) => name);

describe('groupLike', () => {
  it('has one card for parts of data, and one for runs, between the same', () => {
    const lineage = project(parts(300), runs(200));
    const { groups, lineage: drawn } = groupLike(lineage, NONE);
    expect(names(drawn)).toEqual([
      'data/part-0.csv',
      'train.ipynb',
      '00000000',
      'model.pkl'
    ]);
    expect(drawn.edges).toHaveLength(3);
    expect([...groups.values()].map(({ length }) => length)).toEqual([
      300, 200
    ]);
  });

  it('leaves a few, the start, what was opened, and what differs', () => {
    const few = project(parts(5), runs(5));
    expect(groupLike(few, NONE).lineage).toBe(few);
    const many = parts(7);
    const started = { ...project(many, []), start: many[1].id };
    expect(names(groupLike(started, NONE).lineage).slice(0, 2)).toEqual([
      'data/part-0.csv',
      'data/part-1.csv'
    ]);
    const opened = new Set(many.map(({ id }) => id));
    const lineage = project(many, []);
    expect(groupLike(lineage, opened).lineage).toBe(lineage);
    const mixed = [...parts(6, 'stale'), ...parts(12).slice(6)];
    const { groups } = groupLike(project(mixed, []), NONE);
    expect(
      [...groups.values()].map(nodes => [nodes.length, nodes[0].state])
    ).toEqual([
      [6, 'stale'],
      [6, 'current']
    ]);
    const lonely = { ...project(many, []), edges: [] };
    expect(groupLike(lonely, NONE).groups.size).toBe(0);
  });

  it('stays the same card as others come', () => {
    const before = runs(7).reverse();
    const next = node('snapshot', '99999999', {
      status: 'FINISHED',
      created_at: '2026-11-10T00:00:00Z'
    });
    const [one] = groupLike(project([], before), NONE).groups.keys();
    const [other] = groupLike(
      project([], [next, ...before]),
      NONE
    ).groups.keys();
    expect([one, other]).toEqual([`snapshot:${'0'.repeat(8)}`, one]);
  });

  it('keeps what another one reads too apart', () => {
    const many = parts(12);
    const other = node('notebook', 'other.ipynb');
    const lineage = project(many, []);
    lineage.nodes.push(other);
    lineage.edges.push({
      source: many[11].id,
      target: other.id,
      kind: 'reads'
    });
    const { groups, lineage: drawn } = groupLike(lineage, NONE);
    expect(new Set(groups.get(many[0].id))).toEqual(new Set(many.slice(0, 11)));
    expect(names(drawn)).toContain(many[11].name);
  });

  it('is found by what is in it', () => {
    const { groups, lineage } = groupLike(project(parts(20), []), NONE);
    expect(found(lineage, 'part-13', groups)).toEqual([lineage.nodes[0]]);
    expect(found(lineage, 'part-20', groups)).toEqual([]);
  });
});

describe('pattern', () => {
  it('is what names have in common', () => {
    expect(pattern(['part-1.csv', 'part-21.csv'])).toBe('part-…1.csv');
    expect(pattern(['a.csv', 'a.csv'])).toBe('a.csv…');
    expect(pattern(['1.csv', '2.csv'])).toBe('….csv');
    expect(pattern(['x', 'y'])).toBe('');
    expect(pattern(['aa', 'aaa'])).toBe('aa…');
  });
});

describe('groupFace', () => {
  function show(nodes: LineageNode[]) {
    const onOpen = jest.fn();
    const { node: page } = render(
      <CardButton
        face={groupFace(nodes, nullTranslator.load('jupyter_mlops'))}
        isStart={false}
        isFound={false}
        tabIndex={0}
        onOpen={onOpen}
        onFocus={jest.fn()}
      />
    );
    return { button: find(page, 'button'), onOpen, page };
  }

  it('says what it stands for, and opens', () => {
    const nodes = parts(300, 'stale');
    const { button, onOpen, page } = show(nodes);
    expect(button.getAttribute('aria-label')).toBe(
      '300 × Data, part-….csv, stale, show each'
    );
    expect(page.textContent).toContain('stale');
    expect(button.title.split('\n')).toHaveLength(14);
    click(button);
    expect(onOpen).toHaveBeenCalledTimes(1);
  });

  it('says of runs when the newest was, and whether they failed', () => {
    const nodes = runs(9).map(run => ({ ...run, status: 'FAILED' as const }));
    const { page } = show(nodes);
    expect(page.textContent).toMatch(/9 × Snapshot.*failed.*newest/);
    expect(page.querySelector('time')?.getAttribute('datetime')).toBe(
      '2026-11-09T00:00:00Z'
    );
  });
});
