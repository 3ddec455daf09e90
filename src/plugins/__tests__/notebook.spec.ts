import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';

import { createMLOps } from '../../__tests__/mlops';
import { click, find } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import { openDialog } from '../../commands/__tests__/dialog';
import { CommandIDs } from '../../commands/ids';
import { notebook } from '../notebook';

const POST = 'POST snapshots';

describe('run clean', () => {
  it('is about the notebook that it began with, whichever is current then', async () => {
    const server = new FakeServer();
    server.refuse(POST, 409, 'Not now.');
    const mlops = createMLOps(server);
    const restarted: string[] = [];
    const panels = ['a.ipynb', 'b.ipynb', 'c.ipynb'].map(localPath => ({
      context: { localPath, model: { dirty: false } },
      content: {},
      sessionContext: {
        session: {
          kernel: { restart: async () => void restarted.push(localPath) }
        }
      }
    }));
    const tracker = {
      currentWidget: panels[0],
      currentChanged: new Signal<object, void>({}),
      find: (test: (panel: object) => boolean) => panels.find(test)
    };
    const commands = new CommandRegistry();
    await notebook.activate(
      { commands } as unknown as JupyterFrontEnd,
      mlops,
      tracker as unknown as INotebookTracker,
      null
    );
    jest.spyOn(NotebookActions, 'runAll').mockImplementation(async () => {
      tracker.currentWidget = panels[2];
      return true;
    });
    const { runClean } = CommandIDs;
    const done = commands.execute(runClean, { path: 'b.ipynb' });
    click(find(await openDialog(), 'button', 'Run clean'));
    await done;
    expect(restarted).toEqual(['b.ipynb']);
    const asked = server.sent.filter(({ request }) => request === POST);
    expect(asked.map(({ body }) => body)).toEqual([
      { notebook_path: 'b.ipynb', message: null }
    ]);
    mlops.dispose();
    Notification.dismiss();
  });
});
