import type { Lineage, LineageNode } from '../../../api/types';
import { HEIGHT, neighbour, place, WIDTH } from '../layout';
import { relatedTo } from '../related';
import { found, hasAfter, shownOf } from '../shown';
import { DATA, ETL, LINEAGE, node, OUT, RUN, TRAIN } from './lineages';

describe('layout', () => {
  it('goes from left to right, and arrows follow it', () => {
    const nodes = LINEAGE.nodes.map(({ id }) => id);
    const laidOut = place({
      nodes,
      edges: LINEAGE.edges.map(({ source, target }) => [source, target])
    });
    const places = new Map(nodes.map((id, index) => [id, laidOut[index]]));
    const xs = LINEAGE.nodes.map(({ id }) => places.get(id)?.x ?? NaN);
    expect(xs).toEqual([...xs].sort((left, right) => left - right));
    const go = (from: LineageNode, key: string) =>
      neighbour(LINEAGE, places, from.id, key);
    expect(go(DATA, 'ArrowRight')).toBe(ETL.id);
    expect(go(ETL, 'ArrowLeft')).toBe(DATA.id);
    expect(go(TRAIN, 'ArrowRight')).toBeNull();
    expect(go(DATA, 'ArrowDown')).toBeNull();
    expect(go(DATA, 'x')).toBeNull();
  });

  it('puts none of many cards upon another, and each behind what it needs', () => {
    const nodes = Array.from({ length: 2000 }, (_, at) => `${at}`);
    const edges = nodes.flatMap((target, at): [string, string][] =>
      [1 + ((7 * at) % 12), 1 + ((5 * at) % 9)]
        .filter(back => back <= at && at % 6 !== 0)
        .map(back => [nodes[at - back], target])
    );
    const places = place({ nodes, edges });
    const columns = new Map<number, number[]>();
    for (const { x, y } of places) {
      columns.set(x, [...(columns.get(x) ?? []), y]);
    }
    for (const ys of columns.values()) {
      ys.sort((one, other) => one - other);
      const gaps = ys.slice(1).map((y, at) => y - ys[at]);
      expect(Math.min(Infinity, ...gaps)).toBeGreaterThan(HEIGHT);
    }
    const xs = (id: string) => places[Number(id)].x;
    expect(edges.every(([from, to]) => xs(from) + WIDTH < xs(to))).toBe(true);
    const circle = [...edges, [nodes[1999], nodes[0]] as [string, string]];
    const other = place({ nodes, edges: circle });
    expect(other.every(({ x, y }) => x >= 0 && Number.isFinite(y))).toBe(true);
  });

  it('keeps a straight road straight however long it is', () => {
    const nodes = Array.from({ length: 2000 }, (_, at) => `${at}`);
    const edges = nodes
      .slice(1)
      .map((target, at): [string, string] => [nodes[at], target]);
    const places = place({ nodes, edges });
    expect(new Set(places.map(({ y }) => y)).size).toBe(1);
    expect(new Set(places.map(({ x }) => x)).size).toBe(2000);
  });

  it.each([300, 500])('gives each of %s cards a place', length => {
    const nodes = Array.from({ length }, (_, index) => `${index}`);
    const edges = nodes
      .slice(1)
      .map((target, index): [string, string] => [
        nodes[Math.floor(index / 3)],
        target
      ]);
    const places = place({ nodes, edges });
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(length);
  });
});

describe('relatedTo', () => {
  it('is all that a card comes from and all that comes of it, and no sibling', () => {
    const side = node('notebook', 'side.ipynb');
    const graph = {
      ...LINEAGE,
      nodes: [...LINEAGE.nodes, side],
      edges: [
        ...LINEAGE.edges,
        { source: DATA.id, target: side.id, kind: 'reads' } as const
      ]
    };
    const of = ({ id }: LineageNode) => {
      const { edges, nodes } = relatedTo(graph, id);
      return [nodes.size, edges.size];
    };
    expect(of(DATA)).toEqual([graph.nodes.length, graph.edges.length]);
    expect([...relatedTo(graph, side.id).nodes]).toEqual([side.id, DATA.id]);
    expect(relatedTo(graph, OUT.id).nodes.has(side.id)).toBe(false);
    expect(of(OUT)).toEqual([LINEAGE.nodes.length, LINEAGE.edges.length]);
  });
});

describe('what is drawn', () => {
  const ids = (lineage: Lineage) =>
    lineage.nodes.map(({ id }) => id.split(':')[1].slice(0, 11));
  const folded = (...nodes: LineageNode[]) =>
    ids(shownOf(LINEAGE, 'all', new Set(nodes.map(({ id }) => id))));

  it('is all of it, or only what is stale', () => {
    expect(shownOf(LINEAGE, 'all', new Set())).toBe(LINEAGE);
    const stale = shownOf(LINEAGE, 'stale', new Set());
    expect(ids(stale)).toEqual(['data/a.csv', 'etl.ipynb', 'train.ipynb']);
    expect(stale.edges).toEqual([LINEAGE.edges[0]]);
  });

  it('can do without snapshots, whose notebooks then stand for them', () => {
    const things = shownOf({ ...LINEAGE, start: RUN.id }, 'things', new Set());
    expect(things.nodes).toEqual([DATA, ETL, OUT, TRAIN]);
    expect(things.start).toBe(ETL.id);
    expect(things.edges.map(edge => [edge.source, edge.target])).toEqual([
      [DATA.id, ETL.id],
      [ETL.id, OUT.id],
      [OUT.id, TRAIN.id]
    ]);
  });

  it('leaves out what comes only after something folded', () => {
    expect(folded(RUN)).toEqual([
      'data/a.csv',
      'etl.ipynb',
      'ab'.repeat(6).slice(0, 11)
    ]);
    // the start stays, and what comes before it
    expect(folded(DATA)).toEqual(['data/a.csv', 'etl.ipynb']);
    expect(folded(TRAIN)).toEqual(ids(LINEAGE));
    expect([...hasAfter(LINEAGE)]).not.toContain(TRAIN.id);
    const twice = {
      ...LINEAGE,
      edges: [
        ...LINEAGE.edges,
        { source: DATA.id, target: TRAIN.id, kind: 'reads' as const }
      ]
    };
    const left = shownOf(twice, 'all', new Set([RUN.id]));
    expect(left.nodes).toContain(TRAIN);
    expect(left.nodes).not.toContain(OUT);
  });

  it('shows a circle that nothing leads to', () => {
    const circle = {
      ...LINEAGE,
      start: null,
      nodes: [ETL, OUT],
      edges: [
        { source: ETL.id, target: OUT.id, kind: 'writes' as const },
        { source: OUT.id, target: ETL.id, kind: 'reads' as const }
      ]
    };
    expect(shownOf(circle, 'all', new Set([OUT.id])).nodes).toEqual([ETL, OUT]);
  });

  it('is found by parts of names', () => {
    const version = node('version', 'Churn', { version: 12 });
    const lineage = { ...LINEAGE, nodes: [...LINEAGE.nodes, version] };
    expect(found(lineage, ' CSV')).toEqual([DATA, OUT]);
    expect(found(lineage, 'churn v1')).toEqual([version]);
    expect(found(lineage, ' ')).toEqual([]);
  });
});
