import { errorMessage } from '../api/request';
import { Latest } from './latest';
import type { IPage } from './listState';
import { isEqual, ListState } from './listState';

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
export class LongList<T, S> extends ListState<T> {
  constructor(source: ISource<T, S>, search: S) {
    super();
    this._source = source;
    this._search = search;
  }

  /**
   * Look for others. Those of the search before stay until the first of the new ones are there.
   */
  setSearch(search: S): Promise<void> {
    this._search = search;
    this._epoch += 1;
    this._isNew = true;
    this.settle('loading', this.items, this.nextToken, null);
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
    const [epoch, token] = [this._epoch, this.nextToken];
    if (token === null || this._isNew || this._isLoadingMore) {
      return;
    }
    this._isLoadingMore = true;
    try {
      const page = await this._load(token);
      if (epoch === this._epoch) {
        const known = new Set(this.items.map(this._source.idOf));
        const more = page.items.filter(
          item => !known.has(this._source.idOf(item))
        );
        const items = [...this.items, ...more];
        this.settle('ready', items, page.next_token, null);
      }
    } catch (reason) {
      if (epoch === this._epoch) {
        const error = errorMessage(reason);
        this.settle('failed', this.items, token, error);
      }
    } finally {
      this._isLoadingMore = false;
    }
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
        this.settle('ready', page.items, page.next_token, null);
      } else {
        const items = [
          ...page.items,
          ...this._updated(this._tailAfter(page.items) ?? [], changes)
        ];
        this.settle('ready', items, this.nextToken, null);
      }
    } catch (reason) {
      if (epoch === this._epoch) {
        const error = errorMessage(reason);
        this.settle('failed', this.items, this.nextToken, error);
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
    const end = this.items.findIndex(item => idOf(item) === last);
    return end < 0
      ? null
      : this.items.slice(end + 1).filter(item => !known.has(idOf(item)));
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
  protected kept(after: readonly T[]): readonly T[] {
    if (this.items === after) {
      return after;
    }
    const { idOf } = this._source;
    const old = new Map(this.items.map(item => [idOf(item), item]));
    const kept = after.map(item => {
      const same = old.get(idOf(item));
      return same && isEqual(same, item) ? same : item;
    });
    const isSame =
      kept.length === this.items.length &&
      kept.every((item, index) => item === this.items[index]);
    return isSame ? this.items : kept;
  }

  private _epoch = 0;
  private _isLoadingMore = false;
  private _isNew = true;
  private _reading = new Latest(() => this._refresh());
  private _search: S;
  private _source: ISource<T, S>;
  private _touched = new Set<string>();
}
