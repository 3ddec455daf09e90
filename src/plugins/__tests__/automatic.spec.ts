import type { JupyterFrontEnd } from '@jupyterlab/application';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';

import { createMLOps } from '../../__tests__/mlops';
import { FakeServer } from '../../api/__tests__/server';
import { automatic } from '../automatic';

const POST = 'POST automatic-snapshots';

describe('automatic snapshots on save', () => {
  const save = async (isNotebookCurrent: boolean) => {
    const server = new FakeServer();
    server.on(POST, { id: 's', run_id: 'r' });
    const mlops = createMLOps(server);
    const model = { dirty: true };
    const saved = jest.fn(async () => void (model.dirty = false));
    const panel = {
      context: { localPath: 'a.ipynb', model, save: saved },
      sessionContext: {
        session: null,
        statusChanged: new Signal<object, string>({}),
        disposed: new Signal<object, void>({})
      },
      isDisposed: false
    };
    const commands = new CommandRegistry();
    commands.addCommand('docmanager:save', {
      execute: async () => null,
      describedBy: { args: {} }
    });
    const shell = { currentWidget: isNotebookCurrent ? panel : {} };
    await automatic.activate(
      { commands, shell } as unknown as JupyterFrontEnd,
      mlops,
      { currentWidget: panel, find: () => panel },
      { load: async () => ({ composite: { automaticSnapshots: 'save' } }) }
    );
    await commands.execute('docmanager:save');
    // what is asked for by then is all there will be
    await new Promise(done => setTimeout(done, 50));
    mlops.dispose();
    const asked = server.sent.filter(({ request }) => request === POST);
    return { asked: asked.length, saves: saved.mock.calls.length };
  };

  it('are taken of the notebook that was saved', async () => {
    expect(await save(true)).toEqual({ asked: 1, saves: 1 });
  });

  it('leave a notebook alone when another document was saved', async () => {
    expect(await save(false)).toEqual({ asked: 0, saves: 0 });
  });
});
