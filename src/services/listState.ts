import type { PartialJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

export type Phase = 'loading' | 'ready' | 'failed';

/**
 * One page of a list as the server sends it.
 */
export interface IPage<T> {
  items: T[];
  next_token: string | null;
}

/**
 * A list on the server as the views see it: the last good data, and what is known of the last attempt.
 */
export abstract class ListState<T> implements IDisposable {
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
   * The last good items, also while loading and after a failure; another array only where something is different.
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

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  protected get nextToken(): string | null {
    return this._nextToken;
  }

  /**
   * Take what came of an attempt, and say so where it is not what was known.
   */
  protected settle(
    phase: Phase,
    items: readonly T[],
    nextToken: string | null,
    error: string | null
  ): void {
    const kept = this.kept(items);
    const isSame =
      phase === this._phase &&
      error === this._error &&
      nextToken === this._nextToken &&
      kept === this._items;
    if (isSame || this.isDisposed) {
      return;
    }
    this._phase = phase;
    this._items = kept;
    this._nextToken = nextToken;
    this._error = error;
    this._changed.emit();
  }

  /**
   * The new items; the old array where they are equal.
   */
  protected kept(items: readonly T[]): readonly T[] {
    return isEqual(items, this._items) ? this._items : items;
  }

  private _changed = new Signal<this, void>(this);
  private _error: string | null = null;
  private _isDisposed = false;
  private _items: readonly T[] = [];
  private _nextToken: string | null = null;
  private _phase: Phase = 'loading';
}

/**
 * Whether two values have the same JSON.
 */
export function isEqual(left: unknown, right: unknown): boolean {
  return (
    left === right ||
    JSONExt.deepEqual(left as PartialJSONValue, right as PartialJSONValue)
  );
}
