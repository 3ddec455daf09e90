import type { PartialJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { errorMessage } from '../api/request';
import type { IPage, Phase } from './collection';
import { Latest } from './latest';

// of changed items below the first page; when there are more, they are read when they are next asked for
const MOST_REREAD = 20;

/**
 * What a long list is of, and how the server is asked for it.
 */
export interface ISource<T, S> {
  load: (search: S, pageToken: string | null) => Promise<IPage<T>>;

  /**
   * Read one item again; `null` if it is no longer in the list.
   */
  reread: (id: string) => Promise<T | null>;
  idOf: (item: T) => string;
}

/**
 * The items that a search finds, as far as they were asked for. It may grow to 100,000 of them, so a change costs the
 * first page and the changed items, not all that was read.
 */
export class LongList<T, S> implements IDisposable {
  constructor(source: ISource<T, S>, search: S) {
    this._source = source;
    this._search = search;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get phase(): Phase {
    return this._phase;
  }

  get error(): string | null {
    return this._error;
  }

  /**
   * The last good items, also while loading and after a failure; another array after each change.
   */
  get items(): readonly T[] {
    return this._items;
  }

  get hasMore(): boolean {
    return this._nextToken !== null;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Look for others. Those of the search before stay until the first of the new ones are there.
   */
  setSearch(search: S): Promise<void> {
    this._search = search;
    this._epoch += 1;
    this._isNew = true;
    this._settle('loading', this._items, this._nextToken, null);
    return this.refresh();
  }

  /**
   * Read the first page again, and the items below it that were told to have changed. Never rejects.
   */
  refresh(): Promise<void> {
    return this._reading.run();
  }

  /**
   * Tell that an item was changed, created or deleted; the next refresh looks at it.
   */
  touch(id: string): void {
    this._touched.add(id);
  }

  /**
   * Read the next page, if there is one and it is not being read.
   */
  async loadMore(): Promise<void> {
    const [epoch, token] = [this._epoch, this._nextToken];
    if (token === null || this._isNew || this._isLoadingMore) {
      return;
    }
    this._isLoadingMore = true;
    try {
      const page = await this._load(token);
      if (epoch === this._epoch) {
        const known = new Set(this._items.map(this._source.idOf));
        const more = page.items.filter(
          item => !known.has(this._source.idOf(item))
        );
        const items = [...this._items, ...more];
        this._settle('ready', items, page.next_token, null);
      }
    } catch (reason) {
      if (epoch === this._epoch) {
        const error = errorMessage(reason);
        this._settle('failed', this._items, token, error);
      }
    } finally {
      this._isLoadingMore = false;
    }
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _load(pageToken: string | null) {
    return this._source.load(this._search, pageToken);
  }

  private async _refresh(): Promise<void> {
    const epoch = this._epoch;
    const touched = this._touched;
    this._touched = new Set();
    try {
      const page = await this._load(null);
      const tail = this._isNew ? null : this._tailAfter(page.items);
      const changes = tail && (await this._reread(tail, touched));
      if (epoch !== this._epoch) {
        return;
      }
      this._isNew = false;
      if (tail === null || page.next_token === null) {
        // what is being read for the end of the old list does not fit the new one
        this._epoch += 1;
        this._settle('ready', page.items, page.next_token, null);
      } else {
        const items = [
          ...page.items,
          ...this._updated(this._tailAfter(page.items) ?? [], changes)
        ];
        this._settle('ready', items, this._nextToken, null);
      }
    } catch (reason) {
      if (epoch === this._epoch) {
        const error = errorMessage(reason);
        this._settle('failed', this._items, this._nextToken, error);
      }
    }
  }

  /**
   * What follows a new first page in the old list, or `null` if the two do not meet.
   */
  private _tailAfter(head: readonly T[]): T[] | null {
    const { idOf } = this._source;
    const known = new Set(head.map(idOf));
    const last = head.length > 0 ? idOf(head[head.length - 1]) : null;
    const end = this._items.findIndex(item => idOf(item) === last);
    return end < 0
      ? null
      : this._items.slice(end + 1).filter(item => !known.has(idOf(item)));
  }

  /**
   * The changed ones among items; `null` for those that are gone.
   */
  private async _reread(
    items: readonly T[],
    touched: ReadonlySet<string>
  ): Promise<Map<string, T | null>> {
    const ids = items.map(this._source.idOf).filter(id => touched.has(id));
    const changes = new Map<string, T | null>();
    for (const id of ids.slice(0, MOST_REREAD)) {
      changes.set(id, await this._source.reread(id));
    }
    return changes;
  }

  private _updated(
    items: readonly T[],
    changes: ReadonlyMap<string, T | null> | null
  ): T[] {
    return items.flatMap(item => {
      const change = changes?.get(this._source.idOf(item));
      return change === undefined ? [item] : change === null ? [] : [change];
    });
  }

  /**
   * The new items, with the old objects where nothing changed, so that their rows need not be drawn again.
   */
  private _kept(after: readonly T[]): readonly T[] {
    if (this._items === after) {
      return after;
    }
    const { idOf } = this._source;
    const old = new Map(this._items.map(item => [idOf(item), item]));
    return after.map(item => {
      const same = old.get(idOf(item));
      return same && (same === item || isEqual(same, item)) ? same : item;
    });
  }

  private _settle(
    phase: Phase,
    items: readonly T[],
    nextToken: string | null,
    error: string | null
  ): void {
    if (this.isDisposed) {
      return;
    }
    this._phase = phase;
    this._error = error;
    this._nextToken = nextToken;
    this._items = this._kept(items);
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _epoch = 0;
  private _error: string | null = null;
  private _isDisposed = false;
  private _isLoadingMore = false;
  private _isNew = true;
  private _items: readonly T[] = [];
  private _nextToken: string | null = null;
  private _phase: Phase = 'loading';
  private _reading = new Latest(() => this._refresh());
  private _search: S;
  private _source: ISource<T, S>;
  private _touched = new Set<string>();
}

function isEqual<T>(left: T, right: T): boolean {
  return JSONExt.deepEqual(left as PartialJSONValue, right as PartialJSONValue);
}
