import { Notification } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { find, render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import type { PresentNotebook } from '../../../api/types';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { CompareTab } from '../CompareTab';
import { comparisonOf, run } from './comparison';

// there is no canvas outside of a browser
jest.mock('../../../components/charts/Canvas', () => () => null);

const A = run('A', { f1: 0.9 }, { depth: '4' });

const now = { ...run('present-1', { f1: 0.5 }, { depth: '9' }), name: 'n' };
const saveState = new Signal<object, string>({});
const stateChanged = new Signal<object, object>({});
const contentChanged = new Signal<object, void>({});
const model = {
  dirty: false,
  stateChanged,
  contentChanged,
  toJSON: () => ({ cells: [] })
};
let isOpen = true;
const context = {
  localPath: 'my folder/n.ipynb',
  contentsModel: { size: 100 },
  saveState,
  model,
  disposed: new Signal<object, void>({}),
  save: jest.fn(async () => {
    model.dirty = false;
    saveState.emit('completed');
  })
};
const tracker = {
  find: (isWanted: (panel: object) => boolean) =>
    (isOpen ? [{ context }] : []).find(isWanted),
  widgetAdded: new Signal<object, object>({}),
  widgetUpdated: new Signal<object, object>({})
};

async function showNow(more: Partial<PresentNotebook> = {}, root = '/p') {
  const server = new FakeServer();
  let looks = 0;
  server.on('POST present-notebooks', ({ body }) => {
    looks += 1;
    const { content } = body as { content: string | null };
    return Response.json({
      id: `present-${looks}`,
      notebook_path: context.localPath,
      live: true,
      note: null,
      unsaved: content !== null,
      ...more
    });
  });
  server.on('GET comparisons', ({ query }) => {
    const found = comparisonOf(
      query.ids.split(',').map(id => (id === 'sA' ? A : { ...now, run_id: id }))
    );
    for (const item of found.items) {
      const id = item.run.run_id;
      item.present = id.startsWith('present-');
      item.snapshot_id = item.present ? id : item.snapshot_id;
    }
    return Response.json(found);
  });
  server.on('GET status', { project: '/p', root });
  const commands = new FakeCommands();
  const open = jest.fn();
  commands.addCommand('docmanager:open', {
    execute: open,
    describedBy: { args: null }
  });
  const onTitle = jest.fn();
  const { node } = render(
    <CompareTab runIds={['sA', 'now:sA']} onTitle={onTitle} />,
    {
      mlops: createMLOps(server),
      commands,
      notebooks: tracker as unknown as INotebookTracker
    }
  );
  await settle();
  const sent = () =>
    server.sent
      .filter(({ request }) => /present|comparisons$/.test(request))
      .map(({ query, request }) => `${request} ${query.ids ?? ''}`.trim());
  const contents = () =>
    server.sent
      .filter(({ request }) => request === 'POST present-notebooks')
      .map(({ body }) => (body as { content: string | null }).content)
      .map(content => content && Buffer.from(content, 'base64').toString());
  return { contents, node, onTitle, open, sent };
}

function statusOf(node: HTMLElement): string | null {
  return find(node, '[role=status]').textContent;
}

describe('a notebook as it is now', () => {
  afterEach(() => {
    Notification.dismiss();
    context.contentsModel.size = 100;
    model.dirty = false;
    isOpen = true;
  });

  it('looks at it, names it and opens it', async () => {
    const { node, onTitle, open, sent } = await showNow();
    expect(sent()).toEqual([
      'POST present-notebooks',
      'GET comparisons sA,present-1'
    ]);
    const [said] = onTitle.mock.lastCall!;
    expect(said.label).toBe('Compare n.ipynb');
    expect(said.caption).toBe('What changed in my folder/n.ipynb');
    expect(node.querySelector('thead')!.textContent).toContain('nas it is now');
    await settle(() => find(node, 'thead button', 'n').click());
    expect(open).toHaveBeenCalledWith(
      expect.objectContaining({ path: 'train.ipynb' })
    );
  });

  it('looks again when it is saved, not when columns are moved', async () => {
    const { node, sent } = await showNow();
    await settle(() => find(node, 'button', 'Make baseline').click());
    expect(sent().at(-1)).toBe('GET comparisons present-1,sA');
    expect(sent().filter(text => /present-notebooks/.test(text)).length).toBe(
      1
    );
    await settle(() => saveState.emit('started'));
    await settle(() => saveState.emit('completed'));
    expect(sent().slice(-2)).toEqual([
      'POST present-notebooks',
      'GET comparisons present-2,sA'
    ]);
    await settle(() => find(node, 'button', 'Refresh').click());
    expect(sent().at(-1)).toBe('GET comparisons present-3,sA');
  });

  it('takes what the editor has that is not saved', async () => {
    model.dirty = true;
    const { contents, node, sent } = await showNow();
    // the first look tells which notebook it is
    expect(contents()).toEqual([null, '{"cells":[]}']);
    expect(sent().at(-1)).toBe('GET comparisons sA,present-2');
    expect(statusOf(node)).toContain('as the editor shows it');
    model.dirty = false;
    await settle(() => saveState.emit('completed'));
    expect(contents().at(-1)).toBeNull();
    expect(statusOf(node)).toContain('as it is on the disk.');
  });

  it('looks again at a pause in typing, and when it is closed', async () => {
    const { contents, node } = await showNow();
    expect(statusOf(node)).toContain('as it is on the disk.');
    jest.useFakeTimers();
    model.dirty = true;
    for (let key = 0; key < 3; key++) {
      React.act(() => contentChanged.emit());
      jest.advanceTimersByTime(900);
    }
    expect(contents()).toEqual([null]);
    React.act(() => void jest.advanceTimersByTime(1000));
    jest.useRealTimers();
    await settle();
    expect(contents()).toEqual([null, '{"cells":[]}']);
    isOpen = false;
    await settle(() => context.disposed.emit());
    expect(contents().at(-1)).toBeNull();
    expect(statusOf(node)).toContain('as it is on the disk.');
  });

  it('says what is too large to be sent, and saves it', async () => {
    context.contentsModel.size = 200_000_000;
    model.dirty = true;
    const { contents, node, sent } = await showNow();
    expect(contents()).toEqual([null]);
    expect(statusOf(node)).toContain('It has changes that are not saved');
    await settle(() => find(node, 'button', 'Save and compare').click());
    expect(context.save).toHaveBeenCalled();
    expect(sent().at(-1)).toBe('GET comparisons sA,present-2');
    expect(statusOf(node)).not.toContain('not saved');
  });

  it('says that no kernel runs', async () => {
    const { node } = await showNow({ live: false });
    expect(statusOf(node)).toContain('No kernel runs it');
  });

  it('says why it cannot be opened', async () => {
    const { node, open } = await showNow();
    open.mockRejectedValue(new Error('There is no such file.'));
    await settle(() => find(node, 'thead button', 'n').click());
    const [{ message }] = Notification.manager.notifications;
    expect(message).toBe('train.ipynb was not opened: There is no such file.');
  });

  it('says that it lies where Jupyter cannot show it', async () => {
    const { node, open } = await showNow({}, '/elsewhere');
    await settle(() => find(node, 'thead button', 'n').click());
    const [{ message }] = Notification.manager.notifications;
    expect(message).toContain('outside of what Jupyter shows');
    expect(open).not.toHaveBeenCalled();
  });
});
