import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';
import { Poll } from '@lumino/polling';

import { errorMessage } from '../api/request';
import { Latest } from './latest';
import type { IPage } from './listState';
import { ListState } from './listState';

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
 * A list that is read again page by page. It polls only while watched: `refresh` is for events and for users, polling
 * merely heals what they miss.
 */
export class Collection<T> extends ListState<T> {
  constructor(options: ICollectionOptions<T>) {
    super();
    this._load = options.load;
    this._isUnsettled = options.isUnsettled ?? (() => false);
    this._intervals = options.intervals ?? INTERVALS;
    this._poll = new Poll({
      auto: false,
      name: `jupyter-mlops:${options.name}`,
      frequency: this._frequency(),
      factory: () => this._refreshOrThrow()
    });
    this.changed.connect(() => this._adjustPoll());
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
    this.settle('loading', this.items, this.nextToken, null);
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
    this._poll.dispose();
    super.dispose();
  }

  private async _refresh(): Promise<void> {
    if (this.isDisposed) {
      return;
    }
    try {
      const { items, next_token } = await this._loadPages();
      this.settle('ready', items, next_token, null);
    } catch (reason) {
      const error = errorMessage(reason);
      this.settle('failed', this.items, this.nextToken, error);
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
    const interval = this._isUnsettled(this.items) ? unsettled : settled;
    return { interval, backoff: true, max: 6 * settled };
  }

  /**
   * The poll slows down while its factory rejects.
   */
  private async _refreshOrThrow(): Promise<void> {
    await this.refresh();
    if (this.error !== null) {
      throw new Error(this.error);
    }
  }

  private _intervals: { settled: number; unsettled: number };
  private _isUnsettled: (items: readonly T[]) => boolean;
  private _load: (pageToken: string | null) => Promise<IPage<T>>;
  private _pages = 1;
  private _poll: Poll;
  private _reading = new Latest(() => this._refresh());
  private _watchers = 0;
}
