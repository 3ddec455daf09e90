import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';

import { createMLOps } from '../../__tests__/mlops';
import { click, enter, find } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import { CommandIDs } from '../ids';
import { registerFromNotebook, registerFromRun } from '../register';
import { openDialog } from './dialog';
import { FakeCommands } from './fakeCommands';
import { pressAction, told } from './notifications';

const POST = 'POST models/%EC%9D%B4%ED%83%88/versions';
const MADE = { name: '이탈', version: 2 };
const LIVE = {
  variable: 'clf',
  class_name: 'LogisticRegression',
  framework: 'sklearn',
  fitted: true,
  supported: true
};

describe('register', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;
  let commands: FakeCommands;

  const notebook = (kernel: object | null, dirty = false) => {
    const model = { dirty };
    const save = async () => {
      server.sent.push({ request: 'save', query: {}, body: null });
      model.dirty = false;
    };
    return {
      context: { localPath: '폴더/a.ipynb', model, save },
      sessionContext: { session: { kernel } }
    } as unknown as NotebookPanel;
  };
  const fromNotebook = (panel: NotebookPanel | null) =>
    registerFromNotebook(mlops, commands, panel);
  const fromRun = () => registerFromRun(mlops, commands, 'r1');
  const fill = async () => {
    const dialog = await openDialog();
    enter(find(dialog, 'input[type=text]'), '이탈');
    click(find(dialog, 'button', 'Register'));
  };

  beforeEach(() => {
    server = new FakeServer();
    server.on(POST, MADE);
    server.on('GET models', { items: [], next_token: null });
    server.on('GET live-models', { items: [LIVE] });
    server.on('GET runs/r1', { snapshot_id: 's1' });
    mlops = createMLOps(server);
    commands = new FakeCommands();
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  describe('from a notebook', () => {
    it('registers a model of its kernel, from what is saved', async () => {
      const hint = jest.spyOn(mlops.models, 'hint');
      const done = fromNotebook(notebook({}, true));
      await fill();
      await expect(done).resolves.toEqual(MADE);
      expect(server.requests).toEqual([
        'save',
        'GET live-models',
        'GET models',
        POST
      ]);
      expect(server.sent[1].query).toEqual({ notebook_path: '폴더/a.ipynb' });
      expect(server.sent[3].body).toEqual({
        notebook_path: '폴더/a.ipynb',
        variable: 'clf'
      });
      expect(told()).toEqual(['success: 이탈 version 2 registered']);
      expect(hint).toHaveBeenCalledTimes(1);
    });

    it('offers to deploy and to open the version', async () => {
      const done = fromNotebook(notebook({}));
      await fill();
      await done;
      pressAction('Deploy');
      pressAction('Open');
      expect(commands.executed).toEqual([
        [CommandIDs.deployModel, MADE],
        [CommandIDs.openModel, MADE]
      ]);
    });

    it('leaves it at that when the user cancels', async () => {
      const done = fromNotebook(notebook({}));
      click(find(await openDialog(), 'button', 'Cancel'));
      await expect(done).resolves.toBeNull();
      expect(server.requests).not.toContain(POST);
      expect(told()).toEqual([]);
    });

    it('tells why the server did not register it', async () => {
      server.refuse(POST, 409, 'The kernel died.');
      const done = fromNotebook(notebook({}));
      await fill();
      await expect(done).resolves.toBeNull();
      expect(told()).toEqual([
        'error: No model was registered: The kernel died.'
      ]);
    });

    it('needs a notebook', async () => {
      await fromNotebook(null);
      expect(told()).toEqual([
        'warning: No model was registered: open the notebook that made the model first.'
      ]);
    });

    it('needs a kernel', async () => {
      await fromNotebook(notebook(null, true));
      expect(server.requests).toEqual([]);
      expect(told()).toEqual([
        'warning: No model was registered: the notebook has no running kernel. Run the notebook first.'
      ]);
    });

    it('needs a model', async () => {
      server.on('GET live-models', { items: [] });
      await fromNotebook(notebook({}));
      expect(told()).toEqual([
        'warning: No model was registered: no model is alive in the kernel. Run the cells that fit one.'
      ]);
    });
  });

  describe('from a run', () => {
    const keep = (...models: object[]) =>
      server.on('GET snapshots/s1', { manifest: { models } });

    it('registers a model that it kept', async () => {
      const lost = { ...LIVE, variable: 'lost', object_id: null };
      keep(lost, { ...LIVE, object_id: 'ab' });
      const done = fromRun();
      const dialog = await openDialog();
      expect(dialog.querySelectorAll('input[type=radio]')).toHaveLength(1);
      await fill();
      await expect(done).resolves.toEqual(MADE);
      expect(server.sent.at(-1)?.body).toEqual({
        snapshot_id: 's1',
        variable: 'clf'
      });
    });

    it.each([
      ['no snapshot', () => server.on('GET runs/r1', { snapshot_id: null })],
      ['kept no model', () => keep({ ...LIVE, object_id: null })]
    ])('refuses a run that has %s', async (_, prepare) => {
      prepare();
      await fromRun();
      expect(document.querySelector('.jp-Dialog')).toBeNull();
      expect(told()).toEqual([
        'warning: No model was registered: this run kept no model: only headless runs do. Register it from its notebook, where it is alive.'
      ]);
    });

    it('tells why the run cannot be read', async () => {
      server.refuse('GET runs/r1', 404, 'There is no run r1.');
      await fromRun();
      expect(told()).toEqual([
        'warning: No model was registered: There is no run r1.'
      ]);
    });
  });
});
