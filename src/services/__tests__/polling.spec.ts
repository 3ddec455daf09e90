import type { IPage } from '../listState';
import { Collection } from '../collection';

interface IItem {
  id: number;
  state?: 'pending';
}

const ONE = { id: 1 };
const TWO = { id: 2 };
const PENDING: IItem = { id: 1, state: 'pending' };

function page(...items: IItem[]): IPage<IItem> {
  return { items, next_token: null };
}

describe('Collection.watch', () => {
  let load: jest.Mock<Promise<IPage<IItem>>, []>;
  let collection: Collection<IItem>;

  const advance = (ms: number) => jest.advanceTimersByTimeAsync(ms);
  const loadsIn = async (ms: number) => {
    load.mockClear();
    await advance(ms);
    return load.mock.calls.length;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    load = jest.fn(async () => page(ONE));
    collection = new Collection<IItem>({
      name: 'items',
      load,
      isUnsettled: items => items.some(({ state }) => state === 'pending')
    });
  });

  afterEach(() => {
    collection.dispose();
    jest.useRealTimers();
  });

  it('alone makes it poll', async () => {
    await collection.refresh();
    expect(await loadsIn(100_000)).toBe(0);
    const watching = collection.watch();
    expect(await loadsIn(100)).toBe(1);
    expect(await loadsIn(9_000)).toBe(0);
    expect(await loadsIn(30_000)).toBe(3);
    watching.dispose();
    expect(await loadsIn(100_000)).toBe(0);
  });

  it('goes on until the last watcher has gone', async () => {
    const watchers = [collection.watch(), collection.watch()];
    expect(await loadsIn(100)).toBe(1);
    watchers[0].dispose();
    watchers[0].dispose();
    expect(await loadsIn(10_000)).toBe(1);
    watchers[1].dispose();
    expect(await loadsIn(100_000)).toBe(0);
  });

  it('reads at once each time that it begins', async () => {
    collection.watch().dispose();
    await advance(100);
    collection.watch();
    expect(await loadsIn(100)).toBe(1);
  });

  it('polls faster while something is unsettled', async () => {
    load.mockImplementation(async () => page(PENDING));
    collection.watch();
    await advance(100);
    expect(await loadsIn(5_000)).toBe(5);
    load.mockImplementation(async () => page(ONE));
    await advance(1_000);
    expect(collection.items).toEqual([ONE]);
    expect(await loadsIn(9_000)).toBe(0);
    expect(await loadsIn(10_000)).toBe(1);
  });

  it('polls faster as soon as a refresh finds something unsettled', async () => {
    collection.watch();
    await advance(100);
    load.mockImplementation(async () => page(PENDING));
    await collection.refresh();
    expect(await loadsIn(3_000)).toBe(3);
  });

  it('heals a failure by itself', async () => {
    load.mockRejectedValue(new Error('no server'));
    collection.watch();
    await advance(100);
    expect(collection.phase).toBe('failed');
    load.mockImplementation(async () => page(TWO));
    // a failed poll comes back after at most three intervals
    await advance(30_000);
    expect(collection.phase).toBe('ready');
    expect(collection.items).toEqual([TWO]);
  });

  it('makes it take hints', async () => {
    collection.hint();
    await advance(100);
    expect(load).not.toHaveBeenCalled();
    const watching = collection.watch();
    await advance(100);
    load.mockClear();
    collection.hint();
    expect(load).toHaveBeenCalledTimes(1);
    await advance(100);
    watching.dispose();
    collection.hint();
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('ends with the collection', async () => {
    const watching = collection.watch();
    await advance(100);
    collection.dispose();
    expect(await loadsIn(100_000)).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
    watching.dispose();
    collection.watch();
    expect(await loadsIn(100_000)).toBe(0);
  });
});
