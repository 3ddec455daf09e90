import { Notification } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';

import { createMLOps } from '../../__tests__/mlops';
import { click, enter, find } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import { followAll, runHeadless } from '../headless';
import { openDialog } from './dialog';
import { FakeCommands } from './fakeCommands';
import { pressAction, told } from './notifications';

const PATH = '폴더/train.ipynb';
const PARAMETERS = 'GET notebook-parameters';
const START = 'POST headless-runs';
const LOOK = 'GET headless-runs/r1';
const RUN = {
  run_id: 'r1',
  notebook_path: PATH,
  state: 'running',
  place: null,
  cell: null,
  cells: null,
  message: null,
  result: null
};
const RESULT = { duration_seconds: 12, metrics: { f1: 0.98765 } };

describe('runHeadless', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;
  let commands: FakeCommands;

  beforeEach(() => {
    server = new FakeServer();
    server.on(PARAMETERS, {
      kernel_name: 'python3',
      parameters: [{ name: 'depth', text: '3', kind: 'number' }]
    });
    server.on(START, RUN);
    mlops = createMLOps(server);
    commands = new FakeCommands();
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  const start = (subject: Parameters<typeof runHeadless>[3] = { path: PATH }) =>
    runHeadless(mlops, commands, { kernelspecs: { specs: null } }, subject);
  const accept = (dialog: HTMLElement) =>
    click(find(dialog, 'button.jp-mod-accept'));
  const saying = async (sentence: string) => {
    while (told()[0] !== sentence) {
      await new Promise(later => setTimeout(later));
    }
  };

  it.each([
    [
      { state: 'finished', result: RESULT },
      `success: ${PATH} ran in 12 s · f1 0.9877`
    ],
    [
      { state: 'failed', result: RESULT, message: 'Cell 2: KeyError: a' },
      `error: ${PATH} failed: Cell 2: KeyError: a`
    ],
    [{ state: 'stopped', result: RESULT }, `warning: ${PATH} was stopped`]
  ])('tells the end of %j', async (changes, sentence) => {
    server.on(LOOK, { ...RUN, ...changes });
    const hint = jest.spyOn(mlops.runs, 'hint');
    const done = start();
    const dialog = await openDialog();
    enter(find<HTMLInputElement>(dialog, 'fieldset input'), '4');
    accept(dialog);
    expect(await done).toMatchObject(changes);
    expect(server.sent[0].query).toEqual({ notebook_path: PATH });
    expect(server.sent[1].body).toEqual({
      notebook_path: PATH,
      parameters: { depth: '4' },
      kernel_name: null,
      timeout: null
    });
    expect(told()).toEqual([sentence]);
    expect(hint).toHaveBeenCalled();
    pressAction('Open');
    expect(commands.executed).toEqual([['mlops:open-run', { runId: 'r1' }]]);
  });

  it('offers nothing to open of what never began', async () => {
    server.on(LOOK, { ...RUN, state: 'failed', message: 'No kernel.' });
    const done = start();
    accept(await openDialog());
    await done;
    expect(told()).toEqual([`error: ${PATH} failed: No kernel.`]);
    expect(Notification.manager.notifications[0].options.actions).toEqual([]);
  });

  it('shows which cell runs, and can be cancelled', async () => {
    server.on(LOOK, { ...RUN, cell: 2, cells: 5 });
    server.on(`POST headless-runs/r1/stop`, RUN);
    const done = start();
    accept(await openDialog());
    await saying(`in-progress: Running ${PATH} headless…`);
    await saying(`in-progress: Running ${PATH} headless: cell 2 of 5`);
    server.on(LOOK, { ...RUN, state: 'stopped' });
    pressAction('Cancel');
    await done;
    expect(server.requests).toContain('POST headless-runs/r1/stop');
  });

  it('shows its place in the queue, which can be left', async () => {
    const waits = { ...RUN, state: 'queued', place: 2 };
    server.on(START, waits);
    server.on(LOOK, { ...waits, place: 1 });
    server.on(`POST headless-runs/r1/stop`, waits);
    const done = start();
    accept(await openDialog());
    const says = `in-progress: ${PATH} waits for other headless runs to end`;
    await saying(`${says}: number 2 in the queue`);
    await saying(`${says}: number 1 in the queue`);
    server.on(LOOK, { ...RUN, state: 'stopped' });
    pressAction('Cancel');
    await done;
    expect(told()).toEqual([
      `warning: ${PATH} was stopped before its turn came`
    ]);
    pressAction('Open');
    expect(commands.executed).toEqual([['mlops:open-run', { runId: 'r1' }]]);
  });

  it('waits for a server that does not answer, not for one that was restarted', async () => {
    server.refuse(LOOK, 503, 'Later.');
    const done = start();
    accept(await openDialog());
    while (!server.requests.includes(LOOK)) {
      await new Promise(later => setTimeout(later));
    }
    expect(told()).toEqual([`in-progress: Running ${PATH} headless…`]);
    server.refuse(LOOK, 404, 'There is no such run.');
    expect(await done).toMatchObject({ state: 'stopped' });
    expect(told()).toEqual([`warning: ${PATH} was stopped`]);
  });

  it('saves the notebook first, which may give it its name', async () => {
    const context = {
      localPath: 'Untitled.ipynb',
      model: { dirty: true },
      save: async () => {
        context.localPath = PATH;
        context.model.dirty = false;
      }
    };
    const done = start(context as unknown as DocumentRegistry.Context);
    const dialog = await openDialog();
    expect(server.sent[0].query).toEqual({ notebook_path: PATH });
    expect(dialog.textContent).toContain('Run train.ipynb Headless');
    click(find(dialog, 'button', 'Cancel'));
    expect(await done).toBeNull();
    expect(server.requests).toEqual([PARAMETERS]);
  });

  it.each([
    [PARAMETERS, false],
    [START, true]
  ])('says why nothing was run: %s', async (request, isAsked) => {
    server.refuse(request, 404, 'There is no notebook.');
    const done = start();
    if (isAsked) {
      accept(await openDialog());
    }
    expect(await done).toBeNull();
    expect(told()).toEqual(['warning: Nothing was run: There is no notebook.']);
  });
});

describe('followAll', () => {
  it('follows what runs, and is silent where nothing does', async () => {
    const server = new FakeServer();
    const mlops = createMLOps(server);
    await followAll(mlops, new FakeCommands());
    expect(told()).toEqual([]);

    const ended = { ...RUN, run_id: 'r0', state: 'finished' };
    server.on('GET headless-runs', { items: [RUN, ended] });
    server.on(LOOK, { ...RUN, state: 'finished', result: RESULT });
    await followAll(mlops, new FakeCommands());
    expect(told()).toEqual([`success: ${PATH} ran in 12 s · f1 0.9877`]);
    mlops.dispose();
    Notification.dismiss();
  });
});
