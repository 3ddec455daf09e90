import type { PartialJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IRunQuery, MLOpsClient } from '../api/client';
import { errorMessage } from '../api/client';
import type { Run } from '../api/types';
import type { Phase } from './collection';
import { Latest } from './latest';

const PAGE_SIZE = 200;

// of changed runs below the first page; when there are more, they are read when they are next asked for
const MOST_REREAD = 20;

export type RunSearch = Pick<IRunQuery, 'experimentId' | 'filter' | 'orderBy'>;

/**
 * The runs that a search finds, as far as they were asked for. It may grow to 100,000 of them, so a change costs the
 * first page and the changed runs, not all that was read.
 */
export class RunList implements IDisposable {
  constructor(client: MLOpsClient, search: RunSearch = {}) {
    this._client = client;
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
   * The last good runs, also while loading and after a failure; another array after each change.
   */
  get items(): readonly Run[] {
    return this._items;
  }

  get hasMore(): boolean {
    return this._nextToken !== null;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Look for other runs. Those of the search before stay until the first of the new ones are there.
   */
  setSearch(search: RunSearch): Promise<void> {
    this._search = search;
    this._epoch += 1;
    this._isNew = true;
    this._settle('loading', this._items, this._nextToken, null);
    return this.refresh();
  }

  /**
   * Read the first page again, and the runs below it that were told to have changed. Never rejects.
   */
  refresh(): Promise<void> {
    return this._reading.run();
  }

  /**
   * Tell that a run was changed, created or deleted; the next refresh looks at it.
   */
  touch(runId: string): void {
    this._touched.add(runId);
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
        const known = new Set(this._items.map(run => run.run_id));
        const more = page.items.filter(run => !known.has(run.run_id));
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
    return this._client.runs({ ...this._search, limit: PAGE_SIZE, pageToken });
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
          ...updated(this._tailAfter(page.items) ?? [], changes)
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
  private _tailAfter(head: readonly Run[]): Run[] | null {
    const last = head.at(-1)?.run_id;
    const end = this._items.findIndex(run => run.run_id === last);
    if (end < 0) {
      return null;
    }
    const known = new Set(head.map(run => run.run_id));
    return this._items.slice(end + 1).filter(run => !known.has(run.run_id));
  }

  /**
   * The changed ones among runs; `null` for those that are gone.
   */
  private async _reread(
    runs: readonly Run[],
    touched: ReadonlySet<string>
  ): Promise<Map<string, Run | null>> {
    const ids = runs.map(run => run.run_id).filter(id => touched.has(id));
    const changes = new Map<string, Run | null>();
    for (const id of ids.slice(0, MOST_REREAD)) {
      const run = await this._client.run(id);
      changes.set(id, run.lifecycle_stage === 'active' ? run : null);
    }
    return changes;
  }

  private _settle(
    phase: Phase,
    items: readonly Run[],
    nextToken: string | null,
    error: string | null
  ): void {
    if (this.isDisposed) {
      return;
    }
    this._phase = phase;
    this._error = error;
    this._nextToken = nextToken;
    this._items = kept(this._items, items);
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _client: MLOpsClient;
  private _epoch = 0;
  private _error: string | null = null;
  private _isDisposed = false;
  private _isLoadingMore = false;
  private _isNew = true;
  private _items: readonly Run[] = [];
  private _nextToken: string | null = null;
  private _phase: Phase = 'loading';
  private _reading = new Latest(() => this._refresh());
  private _search: RunSearch;
  private _touched = new Set<string>();
}

function updated(
  runs: readonly Run[],
  changes: ReadonlyMap<string, Run | null> | null
): Run[] {
  return runs.flatMap(
    run => changes?.get(run.run_id) ?? (changes?.has(run.run_id) ? [] : [run])
  );
}

/**
 * The new runs, with the old objects where nothing changed, so that their rows need not be drawn again.
 */
function kept(before: readonly Run[], after: readonly Run[]): readonly Run[] {
  if (before === after) {
    return before;
  }
  const old = new Map(before.map(run => [run.run_id, run]));
  return after.map(run => {
    const same = old.get(run.run_id);
    return same && (same === run || isEqual(same, run)) ? same : run;
  });
}

function isEqual(left: Run, right: Run): boolean {
  return JSONExt.deepEqual(
    left as unknown as PartialJSONValue,
    right as unknown as PartialJSONValue
  );
}
