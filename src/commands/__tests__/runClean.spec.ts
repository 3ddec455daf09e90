import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';

import { createMLOps } from '../../__tests__/mlops';
import { click, find } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import { runClean } from '../runClean';
import { openDialog } from './dialog';
import { told } from './notifications';

describe('runClean', () => {
  const mlops = createMLOps(new FakeServer());
  let done: string[];

  const start = (cellsPass = true, restarts = true) => {
    done = [];
    const restart = async () => {
      done.push('restart');
      if (!restarts) {
        throw new Error('The kernel is gone.');
      }
    };
    const panel = {
      context: { localPath: '폴더/train.ipynb' },
      sessionContext: { session: { kernel: { restart } } }
    } as unknown as NotebookPanel;
    return runClean(
      mlops,
      panel,
      async () => {
        done.push('run');
        return cellsPass;
      },
      async () => void done.push('snapshot')
    );
  };

  const answer = async (button: string) => {
    const dialog = await openDialog();
    expect(dialog.textContent).toContain('all variables are lost');
    click(find(dialog, 'button', button));
  };

  afterEach(() => Notification.dismiss());
  afterAll(() => mlops.dispose());

  it('asks, then restarts, runs and takes a snapshot', async () => {
    const running = start();
    await answer('Run clean');
    await running;
    expect(done).toEqual(['restart', 'run', 'snapshot']);
  });

  it('does nothing when it is not wanted', async () => {
    const running = start();
    await answer('Cancel');
    await running;
    expect(done).toEqual([]);
  });

  it('takes no snapshot of a failure, and says so', async () => {
    const running = start(false);
    await answer('Run clean');
    await running;
    expect(done).toEqual(['restart', 'run']);
    expect(told()).toEqual([
      'warning: train.ipynb was not run clean: a cell failed, so no snapshot was taken.'
    ]);
  });

  it('says why the kernel was not restarted', async () => {
    const running = start(true, false);
    await answer('Run clean');
    await running;
    expect(done).toEqual(['restart']);
    expect(told()[0]).toContain('The kernel is gone.');
  });
});
