import { Notification } from '@jupyterlab/apputils';

import { createMLOps } from '../../__tests__/mlops';
import { click, enter, find } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { MLOpsManager } from '../../services/manager';
import { annotateSnapshot } from '../annotate';
import { openDialog } from './dialog';
import { pressAction, told } from './notifications';

const OLD = { id: 's2', note: 'old', tags: ['a'], deleted: false };
const SEEN = { note: 'old', tags: ['a'] };

async function write(note: string, tags: string): Promise<HTMLElement> {
  const dialog = await openDialog();
  enter(find<HTMLTextAreaElement>(dialog, 'textarea'), note);
  enter(find<HTMLInputElement>(dialog, 'input'), tags);
  click(find(dialog, 'button', 'Save'));
  return dialog;
}

function later(): Promise<void> {
  return new Promise(done => setTimeout(done, 10));
}

describe('the note and the tags of a snapshot', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;

  beforeEach(() => {
    server = new FakeServer();
    server.on('GET snapshots', { items: [], next_token: null });
    server.on('GET snapshots/s2', OLD);
    server.on('PATCH snapshots/s2', {});
    mlops = createMLOps(server);
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  it('are written where they were changed, and taken back', async () => {
    const writing = annotateSnapshot(mlops, 's2');
    await write('new', 'a');
    await writing;
    expect(server.sent.at(-1)?.body).toEqual({ note: 'new', seen: SEEN });
    pressAction('Undo');
    await later();
    expect(server.sent.at(-1)?.body).toEqual({
      note: 'old',
      seen: { note: 'new', tags: ['a'] }
    });
    expect(told()[0]).toBe('success: The note is as it was');
  });

  it('are not written where nothing was changed', async () => {
    const writing = annotateSnapshot(mlops, 's2');
    await write('old', 'a');
    await writing;
    expect(server.requests).not.toContain('PATCH snapshots/s2');
  });

  it('are asked for again where somebody else has written the note', async () => {
    const writing = annotateSnapshot(mlops, 's2');
    await openDialog();
    server.refuse('PATCH snapshots/s2', 409, 'Changed.');
    server.on('GET snapshots/s2', { ...OLD, note: 'theirs', tags: ['t'] });
    await write('mine', 'a, b');
    await later();
    expect(told()[0]).toContain('warning: The note was not saved');
    server.on('PATCH snapshots/s2', {});
    const again = await openDialog();
    expect(find(again, '[role=alert]').textContent).toContain('theirs');
    expect(find<HTMLTextAreaElement>(again, 'textarea').value).toBe('mine');
    expect(find<HTMLInputElement>(again, 'input').value).toBe('a, b');
    click(find(again, 'button', 'Save'));
    await writing;
    expect(server.sent.at(-1)?.body).toEqual({
      note: 'mine',
      tags: ['a', 'b'],
      seen: { note: 'theirs', tags: ['a'] }
    });
  });

  it('say that the snapshot is there again that somebody has deleted', async () => {
    const writing = annotateSnapshot(mlops, 's2');
    await openDialog();
    server.on('GET snapshots/s2', { ...OLD, deleted: true });
    await write('new', 'a');
    await writing;
    expect(told()[0]).toContain('had been deleted meanwhile');
  });

  it('are not lost when they cannot be written', async () => {
    const writing = annotateSnapshot(mlops, 's2');
    server.refuse('PATCH snapshots/s2', 507, 'The disk is full.');
    await write('long thoughts', 'a');
    await writing;
    expect(told()[0]).toBe('error: The note was not saved: The disk is full.');
    pressAction('Edit again');
    const again = await openDialog();
    expect(find<HTMLTextAreaElement>(again, 'textarea').value).toBe(
      'long thoughts'
    );
    expect(again.querySelector('[role=alert]')).toBeNull();
    click(find(again, 'button', 'Cancel'));
  });
});
