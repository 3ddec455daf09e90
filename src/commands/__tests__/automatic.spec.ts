import { Notification } from '@jupyterlab/apputils';
import type { Notebook } from '@jupyterlab/notebook';
import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import { createMLOps } from '../../__tests__/mlops';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import type { IOpenNotebook } from '../automatic';
import { AutomaticSnapshots, WholeRuns } from '../automatic';
import { told } from './notifications';

const POST = 'POST automatic-snapshots';

describe('AutomaticSnapshots', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;
  let snapshots: AutomaticSnapshots;

  const open = (status = 'idle') => {
    const kernel = { status };
    const statusChanged = new Signal<object, string>({});
    const disposed = new Signal<object, void>({});
    const context = {
      localPath: '노트.ipynb',
      model: { dirty: true },
      save: async () => {
        server.sent.push({ request: 'save', query: {}, body: null });
        context.model.dirty = false;
      }
    };
    const notebook = {
      context,
      sessionContext: { session: { kernel }, statusChanged, disposed },
      isDisposed: false
    };
    const become = (next: string) => {
      kernel.status = next;
      statusChanged.emit(next);
    };
    const close = () => {
      notebook.isDisposed = true;
      disposed.emit();
    };
    return { notebook: notebook as unknown as IOpenNotebook, become, close };
  };

  beforeEach(() => {
    server = new FakeServer();
    server.on(POST, { id: 's', run_id: 'r' });
    mlops = createMLOps(server);
    snapshots = new AutomaticSnapshots(mlops);
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  it('are not waited for when the notebook is closed', async () => {
    const { close, notebook } = open('busy');
    const taken = snapshots.take(notebook, 'save');
    close();
    await taken;
    expect(server.requests).toEqual([]);
  });

  it('are taken of what is on disk, and say nothing', async () => {
    await snapshots.take(open().notebook, 'run-all');
    expect(server.requests).toEqual(['save', POST]);
    expect(server.sent[1].body).toEqual({
      notebook_path: '노트.ipynb',
      origin: 'run-all'
    });
    expect(told()).toEqual([]);
  });

  it('wait until no cell runs', async () => {
    const { become, notebook } = open('busy');
    const taking = snapshots.take(notebook, 'save');
    await new Promise(later => setTimeout(later));
    become('busy');
    await new Promise(later => setTimeout(later));
    expect(server.requests).toEqual([]);
    become('idle');
    await taking;
    expect(server.requests).toContain(POST);
  });

  it('are one at a time: what comes meanwhile is done once', async () => {
    const reply = new PromiseDelegate<Response>();
    server.on(POST, () => reply.promise);
    const { notebook } = open();
    const takes = [1, 2, 3].map(() => snapshots.take(notebook, 'save'));
    await new Promise(later => setTimeout(later));
    expect(server.requests.filter(name => name === POST)).toHaveLength(1);
    reply.resolve(Response.json({ id: null, run_id: null }));
    server.on(POST, { id: null, run_id: null });
    await Promise.all(takes);
    expect(server.requests.filter(name => name === POST)).toHaveLength(2);
  });

  it('tell once that they fail, and again after they worked', async () => {
    const { notebook } = open();
    const said = 'warning: No automatic snapshot was taken: The disk is full.';
    server.refuse(POST, 507, 'The disk is full.');
    await snapshots.take(notebook, 'save');
    await snapshots.take(notebook, 'save');
    expect(told()).toEqual([said]);
    server.on(POST, { id: null, run_id: null });
    await snapshots.take(notebook, 'save');
    server.refuse(POST, 507, 'The disk is full.');
    await snapshots.take(notebook, 'save');
    expect(told()).toEqual([said, said]);
  });

  it('are not taken of a notebook that was closed meanwhile', async () => {
    const { become, notebook } = open('busy');
    const taking = snapshots.take(notebook, 'save');
    Object.assign(notebook, { isDisposed: true });
    become('idle');
    await taking;
    expect(server.requests).toEqual([]);
  });
});

describe('WholeRuns', () => {
  const cell = (type: string, source: string) => ({
    model: { type, sharedModel: { getSource: () => source } }
  });
  const [one, two] = [cell('code', 'x = 1'), cell('code', 'y = 2')];
  const notebook = {
    widgets: [cell('markdown', '# T'), one, cell('code', ' \n'), two]
  } as unknown as Notebook;
  const schedule = (runs: WholeRuns, ...cells: object[]) =>
    cells.forEach(next => runs.scheduled(notebook, next as never));

  it('are those in which every cell with code was scheduled', () => {
    const runs = new WholeRuns();
    schedule(runs, one, two);
    expect(runs.isWhole(notebook)).toBe(true);
    schedule(runs, two);
    expect(runs.isWhole(notebook)).toBe(false);
    schedule(runs, one);
    expect(runs.isWhole(notebook)).toBe(false); // in two parts is no whole
  });

  it('are not of a notebook without code', () => {
    const empty = { widgets: [] } as unknown as Notebook;
    expect(new WholeRuns().isWhole(empty)).toBe(false);
  });
});
