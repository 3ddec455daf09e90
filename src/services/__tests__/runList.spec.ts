import { FakeServer } from '../../api/__tests__/server';
import { createClient } from '../../api/client';
import type { Run } from '../../api/types';
import { RunList } from '../runList';

/**
 * Runs r0, r1, …, the greatest number first, in pages of two.
 */
class Store {
  constructor(numbers: number[]) {
    this.server.on('GET runs', ({ query }) => {
      const start = Number(query.page_token ?? 0);
      const items = this.runs.slice(start, start + 2);
      const next = start + 2 < this.runs.length ? `${start + 2}` : null;
      return Response.json({ items, next_token: next });
    });
    numbers.forEach(number => this.add(number));
  }

  readonly server = new FakeServer();
  runs: Run[] = [];

  add(number: number): Run {
    const run = {
      run_id: `r${number}`,
      lifecycle_stage: 'active',
      metrics: {}
    } as unknown as Run;
    this.runs.unshift(run);
    this.server.on(`GET runs/r${number}`, () => Response.json(run));
    return run;
  }
}

function ids(list: RunList): string {
  return list.items.map(run => run.run_id).join(' ');
}

describe('RunList', () => {
  let store: Store;
  let list: RunList;

  beforeEach(async () => {
    store = new Store([0, 1, 2, 3, 4]);
    list = new RunList(createClient(store.server.settings));
    await list.setSearch({ filter: 'f', orderBy: 'o', experimentId: '1' });
  });

  afterEach(() => list.dispose());

  it('asks for what is looked for, page by page', async () => {
    expect(store.server.sent[0].query).toEqual({
      limit: '200',
      experiment_id: '1',
      filter: 'f',
      order_by: 'o'
    });
    expect(ids(list)).toBe('r4 r3');
    await list.loadMore();
    await list.loadMore();
    await list.loadMore();
    expect(ids(list)).toBe('r4 r3 r2 r1 r0');
    expect(list.hasMore).toBe(false);
    expect(store.server.sent).toHaveLength(3);
  });

  it('reads a page once, however often it is asked for', async () => {
    await Promise.all([list.loadMore(), list.loadMore()]);
    expect(ids(list)).toBe('r4 r3 r2 r1');
    expect(store.server.sent).toHaveLength(2);
  });

  it('puts new runs above those it has', async () => {
    await list.loadMore();
    store.add(5);
    await list.refresh();
    expect(ids(list)).toBe('r5 r4 r3 r2 r1');
  });

  it('tells nobody of an answer that says the same', async () => {
    await list.loadMore();
    const { items } = list;
    const changes = jest.fn();
    list.changed.connect(changes);
    await list.refresh();
    expect(changes).not.toHaveBeenCalled();
    expect(list.items).toBe(items);
    store.runs[1].metrics = { f1: 1 };
    await list.refresh();
    expect(changes).toHaveBeenCalledTimes(1);
  });

  it('begins anew where the pages do not meet', async () => {
    await list.loadMore();
    for (const number of [5, 6, 7]) {
      store.add(number);
    }
    await list.refresh();
    expect(ids(list)).toBe('r7 r6');
    expect(list.hasMore).toBe(true);
  });

  it('reads changed runs below the first page again, and no others', async () => {
    await list.loadMore();
    const [, , third, fourth] = store.runs;
    third.metrics = { f1: 1 };
    fourth.lifecycle_stage = 'deleted';
    const before = list.items;
    list.touch('r2');
    list.touch('r1');
    list.touch('unknown');
    await list.refresh();
    expect(ids(list)).toBe('r4 r3 r2');
    expect(list.items[2].metrics).toEqual({ f1: 1 });
    // their rows are not drawn again
    expect(list.items[0]).toBe(before[0]);
    expect(store.server.requests.slice(2)).toEqual([
      'GET runs',
      'GET runs/r2',
      'GET runs/r1'
    ]);
  });

  it('keeps the old runs where the new ones are refused', async () => {
    store.server.refuse('GET runs', 422, 'There is no metrcs.');
    await list.setSearch({ filter: 'metrcs.f1 > 1' });
    expect(list.phase).toBe('failed');
    expect(list.error).toBe('There is no metrcs.');
    expect(ids(list)).toBe('r4 r3');
  });

  it('leaves out a page of the search before', async () => {
    const more = list.loadMore();
    store.runs = store.runs.slice(0, 1);
    await Promise.all([more, list.setSearch({ filter: 'g' })]);
    expect(ids(list)).toBe('r4');
    expect(list.phase).toBe('ready');
  });
});
