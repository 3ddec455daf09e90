import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

// typing and whole runs send changes by the dozen
const QUIET_MS = 400;

/**
 * The notebook that was last in use, and the moments at which something of it is worth reading again.
 */
export class CurrentNotebook implements IDisposable {
  constructor(tracker: INotebookTracker) {
    this._tracker = tracker;
    tracker.currentChanged.connect(this._follow, this);
    this._follow();
  }

  get panel(): NotebookPanel | null {
    return this._panel;
  }

  /**
   * The path by which the server knows the notebook.
   */
  get path(): string | null {
    return this._panel?.context.localPath ?? null;
  }

  /**
   * Emitted when another notebook is current, or when it has another name.
   */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /**
   * Emitted some time after cells were edited or run or the kernel was restarted, once the kernel is idle.
   */
  get settled(): ISignal<this, void> {
    return this._settled;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._tracker.currentChanged.disconnect(this._follow, this);
    this._leave();
    this._quiet.dispose();
    Signal.clearData(this);
  }

  private _follow(): void {
    const panel = this._tracker.currentWidget;
    if (panel === this._panel) {
      return;
    }
    this._leave();
    this._panel = panel;
    if (panel) {
      const { context, sessionContext } = panel;
      context.pathChanged.connect(this._onName, this);
      context.model.contentChanged.connect(this._onChange, this);
      sessionContext.kernelChanged.connect(this._onChange, this);
      sessionContext.iopubMessage.connect(this._onMessage, this);
      sessionContext.statusChanged.connect(this._onStatus, this);
      panel.disposed.connect(this._follow, this);
      // a notebook that is just opened has its cells, and maybe its kernel, only later
      void Promise.all([context.ready, sessionContext.ready]).then(
        () => this._onChange(),
        () => this._onChange()
      );
    }
    this._changed.emit();
  }

  private _leave(): void {
    const panel = this._panel;
    this._panel = null;
    if (panel) {
      Signal.disconnectBetween(panel, this);
      Signal.disconnectBetween(panel.context, this);
      Signal.disconnectBetween(panel.context.model, this);
      Signal.disconnectBetween(panel.sessionContext, this);
    }
  }

  private _onName(): void {
    this._changed.emit();
  }

  private _onChange(): void {
    this._isDue = true;
    if (!this.isDisposed) {
      void this._quiet.invoke();
    }
  }

  /**
   * Silent requests, the server's questions among them, are no executions: their answers would ask the next one.
   */
  private _onMessage(
    sender: ISessionContext,
    message: KernelMessage.IMessage
  ): void {
    if (message.header.msg_type === 'execute_input') {
      this._onChange();
    }
  }

  private _onStatus(sender: ISessionContext, status: string): void {
    if (/restarting|dead|terminating/.test(status) || this._isDue) {
      this._onChange();
    }
  }

  private _settle(): void {
    const status = this._panel?.sessionContext.session?.kernel?.status;
    // while it starts or restarts, what it is asked is lost
    if (!this._isDue || (status && !/idle|dead/.test(status))) {
      return;
    }
    this._isDue = false;
    this._settled.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _isDisposed = false;
  private _isDue = false;
  private _panel: NotebookPanel | null = null;
  private _quiet = new Debouncer(() => this._settle(), QUIET_MS);
  private _settled = new Signal<this, void>(this);
  private _tracker: INotebookTracker;
}
