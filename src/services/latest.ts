/**
 * An action that is not run twice at once. Calls during a run share one further run, since the running one may have
 * read too early.
 */
export class Latest {
  constructor(private _action: () => Promise<void>) {}

  run(): Promise<void> {
    if (this._running === null) {
      this._running = this._action().finally(() => {
        this._running = null;
      });
      return this._running;
    }
    this._queued ??= this._running.then(() => {
      this._queued = null;
      return this.run();
    });
    return this._queued;
  }

  /**
   * Settles when nothing runs.
   */
  get idle(): Promise<void> {
    return this._queued ?? this._running ?? Promise.resolve();
  }

  private _queued: Promise<void> | null = null;
  private _running: Promise<void> | null = null;
}
