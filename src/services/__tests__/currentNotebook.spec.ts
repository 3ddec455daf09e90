import type { INotebookTracker } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';

import { CurrentNotebook } from '../currentNotebook';

class FakeTracker {
  currentChanged = new Signal<this, unknown>(this);
  currentWidget: FakePanel | null = null;

  show(panel: FakePanel | null): void {
    this.currentWidget = panel;
    this.currentChanged.emit(panel);
  }
}

class FakeContext {
  constructor(public localPath: string) {}

  ready = Promise.resolve();
  pathChanged = new Signal<this, string>(this);
  model = new FakeModel();
}

class FakeModel {
  contentChanged = new Signal<this, void>(this);
}

class FakeSession {
  ready = Promise.resolve();
  kernelChanged = new Signal<this, void>(this);
  iopubMessage = new Signal<this, object>(this);
  statusChanged = new Signal<this, string>(this);
  session = { kernel: { status: 'idle' } };

  hear(type: string): void {
    this.iopubMessage.emit({ header: { msg_type: type } });
  }

  become(status: string): void {
    this.session.kernel.status = status;
    this.statusChanged.emit(status);
  }
}

class FakePanel {
  constructor(path: string) {
    this.context = new FakeContext(path);
  }

  context: FakeContext;
  disposed = new Signal<this, void>(this);
  sessionContext = new FakeSession();

  edit(): void {
    this.context.model.contentChanged.emit();
  }
}

describe('CurrentNotebook', () => {
  let tracker: FakeTracker;
  let notebook: CurrentNotebook;
  let told: string[];

  const quiet = () => jest.advanceTimersByTimeAsync(1_000);

  beforeEach(async () => {
    jest.useFakeTimers();
    tracker = new FakeTracker();
    notebook = new CurrentNotebook(tracker as unknown as INotebookTracker);
    told = [];
    notebook.changed.connect(({ path }) => told.push(`changed ${path}`));
    notebook.settled.connect(({ path }) => told.push(`settled ${path}`));
  });

  afterEach(() => {
    notebook.dispose();
    jest.useRealTimers();
  });

  const open = async (path: string) => {
    const panel = new FakePanel(path);
    tracker.show(panel);
    await quiet();
    told.length = 0;
    return panel;
  };

  it('is the one that was last in use', async () => {
    tracker.show(new FakePanel('a.ipynb'));
    await quiet();
    tracker.show(new FakePanel('b.ipynb'));
    await quiet();
    tracker.show(null);
    await quiet();
    expect(told).toEqual([
      'changed a.ipynb',
      'settled a.ipynb',
      'changed b.ipynb',
      'settled b.ipynb',
      'changed null'
    ]);
    expect(notebook.panel).toBeNull();
  });

  it('tells once of many edits', async () => {
    const panel = await open('a.ipynb');
    panel.edit();
    await jest.advanceTimersByTimeAsync(100);
    panel.edit();
    expect(told).toEqual([]);
    await quiet();
    expect(told).toEqual(['settled a.ipynb']);
  });

  it('waits for the end of what runs', async () => {
    const panel = await open('a.ipynb');
    panel.sessionContext.become('busy');
    panel.sessionContext.hear('execute_input');
    await quiet();
    expect(told).toEqual([]);
    panel.sessionContext.become('idle');
    await quiet();
    expect(told).toEqual(['settled a.ipynb']);
  });

  it('is not woken by the questions of the server', async () => {
    const panel = await open('a.ipynb');
    panel.sessionContext.become('busy');
    panel.sessionContext.hear('status');
    panel.sessionContext.become('idle');
    await quiet();
    expect(told).toEqual([]);
  });

  it('notices that a restart took the history away', async () => {
    const panel = await open('a.ipynb');
    panel.sessionContext.become('restarting');
    await quiet();
    expect(told).toEqual([]);
    panel.sessionContext.become('idle');
    await quiet();
    expect(told).toEqual(['settled a.ipynb']);
  });

  it('forgets the notebook before', async () => {
    const before = await open('a.ipynb');
    await open('b.ipynb');
    before.edit();
    before.context.pathChanged.emit('c.ipynb');
    await quiet();
    expect(told).toEqual([]);
  });

  it('follows a new name', async () => {
    const panel = await open('a.ipynb');
    panel.context.localPath = '새 이름.ipynb';
    panel.context.pathChanged.emit('새 이름.ipynb');
    expect(told).toEqual(['changed 새 이름.ipynb']);
  });
});
