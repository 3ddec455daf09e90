import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';
import { Throttler } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

// the server looks at files after each beat, and events come in swarms
const PAUSE_MS = 2_000;

// files change without an event
const LOOK_MS = 10_000;

/**
 * Beats for all views when what depends on files may have changed: after events, once for a swarm of them, and now and
 * then while somebody watches. While the page is hidden it waits until that is seen again.
 */
export class Pulse implements IDisposable {
  constructor() {
    document.addEventListener('visibilitychange', this._onVisibility);
  }

  get beat(): ISignal<this, void> {
    return this._beat;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Beat soon: something has happened.
   */
  hint(): void {
    if (!this._isDisposed) {
      void this._hints.invoke();
    }
  }

  /**
   * Beat now and then until the result is disposed.
   */
  watch(): IDisposable {
    this._watchers += 1;
    this._timer ??= window.setInterval(() => this._do(), LOOK_MS);
    return new DisposableDelegate(() => {
      this._watchers -= 1;
      if (this._watchers === 0) {
        this._rest();
      }
    });
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      document.removeEventListener('visibilitychange', this._onVisibility);
      this._rest();
      this._hints.dispose();
      Signal.clearData(this);
    }
  }

  private _do(): void {
    this._isMissed = document.hidden;
    if (!document.hidden) {
      this._beat.emit();
    }
  }

  private _rest(): void {
    window.clearInterval(this._timer);
    this._timer = undefined;
  }

  private _onVisibility = (): void => {
    if (this._isMissed) {
      this._do();
    }
  };

  private _beat = new Signal<this, void>(this);
  private _hints = new Throttler(() => this._do(), {
    limit: PAUSE_MS,
    edge: 'trailing'
  });
  private _isDisposed = false;
  private _isMissed = false;
  private _timer: number | undefined = undefined;
  private _watchers = 0;
}
