import type { PartialJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { errorMessage } from '../api/request';
import { Latest } from './latest';

export type Phase = 'loading' | 'ready' | 'failed';

/**
 * One page of a list as the server sends it.
 */
export interface IPage<T> {
  items: T[];
  next_token: string | null;
}

export interface ICollectionOptions<T> {
  name: string;

  /**
   * Reads the page that starts at the token.
   */
  load: (pageToken: string | null) => Promise<IPage<T>>;

  /**
   * Whether some item is about to change by itself, so that polling is worth its price.
   */
  isUnsettled?: (items: readonly T[]) => boolean;

  /**
   * Milliseconds between polls, at rest and while unsettled.
   */
  intervals?: { settled: number; unsettled: number };
}

const INTERVALS = { settled: 10_000, unsettled: 1_000 };

/**
 * A list on the server as the views see it: the last good data, and what is known of the last attempt.
 *
 * It polls only while watched. `refresh` is for events and for users: polling merely heals what they miss.
 */
export class Collection<T> implements IDisposable {
  constructor(options: ICollectionOptions<T>) {
    this._load = options.load;
    this._isUnsettled = options.isUnsettled ?? (() => false);
    this._intervals = options.intervals ?? INTERVALS;
    this._poll = new Poll({
      auto: false,
      name: `jupyter-mlops:${options.name}`,
      frequency: this._frequency(),
      factory: () => this._refreshOrThrow()
    });
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get phase(): Phase {
    return this._phase;
  }

  /**
   * The last good data, also while failed.
   */
  get items(): readonly T[] {
    return this._items;
  }

  get error(): string | null {
    return this._error;
  }

  get hasMore(): boolean {
    return this._nextToken !== null;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Keep the list fresh until the result is disposed.
   */
  watch(): IDisposable {
    this._watchers += 1;
    if (this._watchers === 1) {
      void this._poll.start();
    }
    return new DisposableDelegate(() => {
      this._watchers -= 1;
      if (this._watchers === 0 && !this.isDisposed) {
        void this._poll.stop();
      }
    });
  }

  /**
   * Read the list again, as far as it was shown. Never rejects: see `phase` and `error`.
   */
  refresh(): Promise<void> {
    return this._reading.run();
  }

  /**
   * Read another list from its start; the one before stays until that is there. Never rejects.
   */
  startOver(): Promise<void> {
    this._pages = 1;
    this._settle('loading', this._items, this._nextToken, null);
    return this.refresh();
  }

  /**
   * Read the list again if somebody is looking at it; who looks later reads it anyhow.
   */
  hint(): void {
    if (this._watchers > 0) {
      void this.refresh();
    }
  }

  /**
   * Read the next page, if there is one.
   */
  async loadMore(): Promise<void> {
    await this._reading.idle;
    if (this.hasMore) {
      this._pages += 1;
      await this.refresh();
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._poll.dispose();
      Signal.clearData(this);
    }
  }

  private async _refresh(): Promise<void> {
    if (this.isDisposed) {
      return;
    }
    try {
      const { items, next_token } = await this._loadPages();
      this._settle('ready', items, next_token, null);
    } catch (reason) {
      const error = errorMessage(reason);
      this._settle('failed', this._items, this._nextToken, error);
    }
  }

  private async _loadPages(): Promise<IPage<T>> {
    const items: T[] = [];
    let token: string | null = null;
    for (let page = 0; page < this._pages; page++) {
      const { items: more, next_token } = await this._load(token);
      items.push(...more);
      token = next_token;
      if (token === null) {
        break;
      }
    }
    return { items, next_token: token };
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
    const changed =
      phase !== this._phase ||
      error !== this._error ||
      nextToken !== this._nextToken ||
      !isEqual(items, this._items);
    if (!changed) {
      return;
    }
    this._phase = phase;
    this._items = items;
    this._nextToken = nextToken;
    this._error = error;
    this._adjustPoll();
    this._changed.emit();
  }

  private _adjustPoll(): void {
    const frequency = this._frequency();
    if (frequency.interval !== this._poll.frequency.interval) {
      this._poll.frequency = frequency;
      if (this._watchers > 0) {
        const { interval } = frequency;
        void this._poll.schedule({ interval, phase: 'standby' });
      }
    }
  }

  private _frequency(): { interval: number; backoff: boolean; max: number } {
    const { settled, unsettled } = this._intervals;
    const interval = this._isUnsettled(this._items) ? unsettled : settled;
    return { interval, backoff: true, max: 6 * settled };
  }

  /**
   * The poll slows down while its factory rejects.
   */
  private async _refreshOrThrow(): Promise<void> {
    await this.refresh();
    if (this._error !== null) {
      throw new Error(this._error);
    }
  }

  private _changed = new Signal<this, void>(this);
  private _error: string | null = null;
  private _intervals: { settled: number; unsettled: number };
  private _isDisposed = false;
  private _isUnsettled: (items: readonly T[]) => boolean;
  private _items: readonly T[] = [];
  private _load: (pageToken: string | null) => Promise<IPage<T>>;
  private _nextToken: string | null = null;
  private _pages = 1;
  private _phase: Phase = 'loading';
  private _poll: Poll;
  private _reading = new Latest(() => this._refresh());
  private _watchers = 0;
}

function isEqual(left: unknown, right: unknown): boolean {
  return JSONExt.deepEqual(left as PartialJSONValue, right as PartialJSONValue);
}
