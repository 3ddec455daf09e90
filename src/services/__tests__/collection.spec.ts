import { PromiseDelegate } from '@lumino/coreutils';

import type { IPage } from '../listState';
import { Collection } from '../collection';

interface IItem {
  id: number;
}

type Load = jest.Mock<Promise<IPage<IItem>>, [string | null]>;

const ONE = { id: 1 };
const TWO = { id: 2 };
const THREE = { id: 3 };

function page(items: IItem[], next_token: string | null = null): IPage<IItem> {
  // a copy, as each reply is
  return JSON.parse(JSON.stringify({ items, next_token }));
}

/**
 * Makes each load wait until the test answers it.
 */
function held(load: Load): PromiseDelegate<IPage<IItem>>[] {
  const replies: PromiseDelegate<IPage<IItem>>[] = [];
  load.mockImplementation(() => {
    const reply = new PromiseDelegate<IPage<IItem>>();
    replies.push(reply);
    return reply.promise;
  });
  return replies;
}

function pendingWork(): Promise<void> {
  return new Promise(later => setTimeout(later));
}

describe('Collection', () => {
  let load: Load;
  let collection: Collection<IItem>;
  let changes: jest.Mock;

  beforeEach(() => {
    load = jest.fn((_: string | null) => Promise.resolve(page([ONE])));
    collection = new Collection<IItem>({ name: 'items', load });
    changes = jest.fn();
    collection.changed.connect(changes);
  });

  afterEach(() => collection.dispose());

  it('is loading until it has read', async () => {
    expect(collection.phase).toBe('loading');
    expect(collection.items).toEqual([]);
    await collection.refresh();
    expect(collection.phase).toBe('ready');
    expect(collection.items).toEqual([ONE]);
    expect(collection.error).toBeNull();
    expect(changes).toHaveBeenCalledTimes(1);
  });

  it('is ready when there is nothing to read', async () => {
    load.mockResolvedValueOnce(page([]));
    await collection.refresh();
    expect(collection.phase).toBe('ready');
    expect(changes).toHaveBeenCalledTimes(1);
  });

  describe('refresh', () => {
    it('shares one further request among calls during a request', async () => {
      const replies = held(load);
      const calls = [1, 2, 3].map(() => collection.refresh());
      expect(load).toHaveBeenCalledTimes(1);
      replies[0].resolve(page([ONE]));
      await calls[0];
      expect(collection.items).toEqual([ONE]);
      await pendingWork();
      expect(load).toHaveBeenCalledTimes(2);
      replies[1].resolve(page([TWO]));
      await Promise.all(calls);
      expect(load).toHaveBeenCalledTimes(2);
    });

    it('reads what happened after the running request', async () => {
      const replies = held(load);
      const first = collection.refresh();
      const second = collection.refresh();
      let isDone = false;
      void second.then(() => {
        isDone = true;
      });
      replies[0].resolve(page([ONE]));
      await first;
      expect(isDone).toBe(false);
      replies[1].resolve(page([ONE, TWO]));
      await second;
      expect(collection.items).toEqual([ONE, TWO]);
    });

    it('queues anew after a queued request', async () => {
      await Promise.all([collection.refresh(), collection.refresh()]);
      await Promise.all([collection.refresh(), collection.refresh()]);
      expect(load).toHaveBeenCalledTimes(4);
    });

    it('goes on with the queued request when the running one fails', async () => {
      const replies = held(load);
      const calls = [collection.refresh(), collection.refresh()];
      replies[0].reject(new Error('no disk'));
      await calls[0];
      expect(collection.phase).toBe('failed');
      await pendingWork();
      replies[1].resolve(page([TWO]));
      await calls[1];
      expect(collection.phase).toBe('ready');
      expect(collection.items).toEqual([TWO]);
    });
  });

  describe('failure', () => {
    it('keeps the last good data', async () => {
      load.mockResolvedValueOnce(page([ONE], 'more'));
      await collection.refresh();
      load.mockRejectedValueOnce(new Error('The store cannot be read.'));
      await collection.refresh();
      expect(collection.phase).toBe('failed');
      expect(collection.error).toBe('The store cannot be read.');
      expect(collection.items).toEqual([ONE]);
      expect(collection.hasMore).toBe(true);
      expect(changes).toHaveBeenCalledTimes(2);
    });

    it('ends with the next good answer, even of equal data', async () => {
      await collection.refresh();
      load.mockRejectedValueOnce('unreachable');
      await collection.refresh();
      await collection.refresh();
      expect(collection.phase).toBe('ready');
      expect(collection.error).toBeNull();
      expect(changes).toHaveBeenCalledTimes(3);
    });

    it('is told once for as long as it is the same', async () => {
      load.mockRejectedValue(new Error('no disk'));
      await collection.refresh();
      await collection.refresh();
      expect(changes).toHaveBeenCalledTimes(1);
      load.mockRejectedValue(new Error('no server'));
      await collection.refresh();
      expect(changes).toHaveBeenCalledTimes(2);
      expect(collection.error).toBe('no server');
    });
  });

  describe('signal', () => {
    it('is not emitted for equal data', async () => {
      await collection.refresh();
      const { items } = collection;
      await collection.refresh();
      expect(load).toHaveBeenCalledTimes(2);
      expect(changes).toHaveBeenCalledTimes(1);
      expect(collection.items).toBe(items);
    });

    it.each([
      ['an item changes', [TWO]],
      ['an item comes', [ONE, TWO]],
      ['an item goes', []]
    ])('is emitted when %s', async (_, items) => {
      await collection.refresh();
      load.mockResolvedValueOnce(page(items));
      await collection.refresh();
      expect(changes).toHaveBeenCalledTimes(2);
      expect(collection.items).toEqual(items);
    });

    it('is emitted when only the end of the list moves', async () => {
      await collection.refresh();
      load.mockResolvedValueOnce(page([ONE], 'more'));
      await collection.refresh();
      expect(changes).toHaveBeenCalledTimes(2);
      expect(collection.hasMore).toBe(true);
    });
  });

  describe('paging', () => {
    const pages: Record<string, IPage<IItem>> = {
      '': page([ONE], 'second'),
      second: page([TWO], 'third'),
      third: page([THREE])
    };
    const tokens = () => load.mock.calls.map(([token]) => token);

    beforeEach(async () => {
      load.mockImplementation(async token => pages[token ?? '']);
      await collection.refresh();
      load.mockClear();
    });

    it('reads one page at first', () => {
      expect(collection.items).toEqual([ONE]);
      expect(collection.hasMore).toBe(true);
    });

    it('adds the next page', async () => {
      await collection.loadMore();
      expect(collection.items).toEqual([ONE, TWO]);
      expect(collection.hasMore).toBe(true);
      expect(tokens()).toEqual([null, 'second']);
    });

    it('refreshes as far as was shown', async () => {
      await collection.loadMore();
      load.mockClear();
      await collection.refresh();
      expect(tokens()).toEqual([null, 'second']);
      expect(collection.items).toEqual([ONE, TWO]);
    });

    it('stops at the last page', async () => {
      await collection.loadMore();
      await collection.loadMore();
      expect(collection.items).toEqual([ONE, TWO, THREE]);
      expect(collection.hasMore).toBe(false);
      load.mockClear();
      await collection.loadMore();
      expect(load).not.toHaveBeenCalled();
    });

    it('follows a list that became shorter', async () => {
      await collection.loadMore();
      load.mockImplementation(async () => page([THREE]));
      await collection.refresh();
      expect(collection.items).toEqual([THREE]);
      expect(collection.hasMore).toBe(false);
    });

    it('keeps what is shown when a page fails', async () => {
      load.mockImplementationOnce(async () => pages['']);
      load.mockImplementationOnce(async () => {
        throw new Error('no disk');
      });
      await collection.loadMore();
      expect(collection.phase).toBe('failed');
      expect(collection.items).toEqual([ONE]);
      await collection.refresh();
      expect(collection.items).toEqual([ONE, TWO]);
    });

    it('waits for the running request to know whether there is more', async () => {
      load.mockImplementation(async () => page([ONE]));
      await Promise.all([collection.refresh(), collection.loadMore()]);
      expect(tokens()).toEqual([null]);
    });
  });

  describe('dispose', () => {
    it('drops the answers that are still to come', async () => {
      const replies = held(load);
      const calls = [collection.refresh(), collection.refresh()];
      collection.dispose();
      replies[0].resolve(page([ONE]));
      await Promise.all(calls);
      expect(collection.isDisposed).toBe(true);
      expect(collection.items).toEqual([]);
      expect(collection.phase).toBe('loading');
      expect(load).toHaveBeenCalledTimes(1);
      expect(changes).not.toHaveBeenCalled();
    });

    it('may be repeated', async () => {
      collection.dispose();
      collection.dispose();
      await collection.refresh();
      expect(load).not.toHaveBeenCalled();
    });
  });
});
