import { Notification } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { PromiseDelegate } from '@lumino/coreutils';

import { createMLOps } from '../../__tests__/mlops';
import { FakeServer } from '../../api/__tests__/server';
import type { Snapshot } from '../../api/types';
import type { MLOpsManager } from '../../services/manager';
import { CommandIDs } from '../ids';
import { Snapshots } from '../snapshot';
import { FakeCommands } from './fakeCommands';
import { pressAction, told } from './notifications';

type Context = DocumentRegistry.Context;

const POST = 'POST snapshots';
const SNAPSHOT: Snapshot = {
  id: 's1',
  run_id: 'r1',
  notebook_path: 'a.ipynb',
  created_at: '2026-11-01T10:00:00Z',
  author: 'kim',
  grade: 'clean',
  reasons: [],
  status: 'FINISHED',
  parameters: {},
  metrics: {},
  message: null,
  parent_id: null,
  origin: 'user',
  note: null,
  tags: [],
  pinned: false,
  figure_id: null,
  deleted: false
};
const STALE = {
  code: 'edited',
  message: 'Cell 3 was edited after it ran.',
  cell_id: 'c3'
};
const UNSEEN = { code: 'unseen', message: 'Nothing was run.', cell_id: null };

// what came of it, what is told
const OUTCOMES: [Partial<Snapshot>, string][] = [
  [{}, 'success: Snapshot saved · grade clean'],
  [
    { metrics: { 정확도: 0.987654321, f1: 0.5 } },
    'success: Snapshot saved · 정확도 0.9877 · grade clean'
  ],
  [
    { grade: 'valid', reasons: [STALE] },
    'success: Snapshot saved · grade valid'
  ],
  [
    { grade: 'stale', reasons: [STALE, UNSEEN], metrics: { rmse: 12 } },
    'warning: Snapshot saved · rmse 12 · grade stale · Cell 3 was edited after it ran.'
  ],
  [
    { grade: 'unknown', reasons: [UNSEEN] },
    'warning: Snapshot saved · grade unknown · Nothing was run.'
  ],
  [{ grade: 'unknown' }, 'warning: Snapshot saved · grade unknown']
];

describe('Snapshots', () => {
  let server: FakeServer;
  let mlops: MLOpsManager;
  let commands: FakeCommands;
  let snapshots: Snapshots;
  let save: jest.Mock;

  const notebook = (localPath: string, dirty = false) => {
    const context = { localPath, model: { dirty }, save };
    save.mockImplementation(async () => {
      server.sent.push({ request: 'save', query: {}, body: null });
      context.model.dirty = false;
    });
    return context as typeof context & Context;
  };

  beforeEach(() => {
    server = new FakeServer();
    server.on(POST, SNAPSHOT);
    server.on('GET runs', { items: [], next_token: null });
    mlops = createMLOps(server);
    commands = new FakeCommands();
    snapshots = new Snapshots(mlops, commands);
    save = jest.fn();
  });

  afterEach(() => {
    mlops.dispose();
    Notification.dismiss();
  });

  describe('saving', () => {
    it('comes first where the notebook has unsaved changes', async () => {
      const context = notebook('a.ipynb', true);
      await expect(snapshots.create(context)).resolves.toEqual(SNAPSHOT);
      expect(server.requests).toEqual(['save', POST]);
    });

    it('is left out where there are none', async () => {
      await snapshots.create(notebook('폴더/내 노트.ipynb'));
      expect(server.requests).toEqual([POST]);
      expect(server.sent[0].body).toEqual({
        notebook_path: '폴더/내 노트.ipynb',
        message: null
      });
    });

    it('may give the notebook its name', async () => {
      const context = notebook('Untitled.ipynb', true);
      save.mockImplementation(async () => {
        Object.assign(context, { localPath: 'train.ipynb' });
        context.model.dirty = false;
      });
      await snapshots.create(context);
      expect(server.sent[0].body).toMatchObject({
        notebook_path: 'train.ipynb'
      });
    });

    it.each([
      [
        () => Promise.reject(new Error('The disk is full.')),
        'the notebook could not be saved: The disk is full.'
      ],
      [() => Promise.resolve(), 'the notebook could not be saved.']
    ])('that fails is told, and nothing is taken: %#', async (fail, why) => {
      const context = notebook('a.ipynb', true);
      save.mockImplementation(fail);
      await expect(snapshots.create(context)).resolves.toBeNull();
      expect(server.requests).toEqual([]);
      expect(told()).toEqual([`error: No snapshot was taken: ${why}`]);
    });
  });

  describe('of one notebook', () => {
    let replies: PromiseDelegate<Response>[];
    const requested = async (count: number) => {
      while (replies.length < count) {
        await new Promise(later => setTimeout(later));
      }
    };

    beforeEach(() => {
      replies = [];
      server.on(POST, () => {
        const reply = new PromiseDelegate<Response>();
        replies.push(reply);
        return reply.promise;
      });
    });

    it('is one at a time', async () => {
      const [context, other] = [notebook('a.ipynb'), notebook('b.ipynb')];
      const calls = [
        snapshots.create(context),
        snapshots.create(context),
        snapshots.create(other)
      ];
      expect(snapshots.isBusy(context)).toBe(true);
      await expect(calls[1]).resolves.toBeNull();
      await requested(2);
      expect(
        server.sent.map(({ body }) => (body as Snapshot).notebook_path)
      ).toEqual(['a.ipynb', 'b.ipynb']);
      expect(told()).toEqual(
        Array(2).fill('in-progress: Saving the snapshot…')
      );

      replies[0].resolve(Response.json(SNAPSHOT));
      await calls[0];
      expect(snapshots.isBusy(context)).toBe(false);
      expect(snapshots.isBusy(other)).toBe(true);
      replies[1].resolve(Response.json(SNAPSHOT));
      await calls[2];
      expect(snapshots.isBusy(other)).toBe(false);
    });

    it('tells when it begins and ends', async () => {
      const context = notebook('a.ipynb');
      const busy: boolean[] = [];
      snapshots.busyChanged.connect(sender => {
        busy.push(sender.isBusy(context));
      });
      const call = snapshots.create(context);
      expect(busy).toEqual([true]);
      await requested(1);
      replies[0].resolve(Response.json({}, { status: 500 }));
      await call;
      expect(busy).toEqual([true, false]);
    });

    it('can be followed by another', async () => {
      const context = notebook('a.ipynb');
      server.on(POST, SNAPSHOT);
      await snapshots.create(context);
      await expect(snapshots.create(context)).resolves.toEqual(SNAPSHOT);
    });
  });

  describe('telling', () => {
    it.each(OUTCOMES)('%j: %s', async (outcome, message) => {
      server.on(POST, { ...SNAPSHOT, ...outcome });
      await snapshots.create(notebook('a.ipynb'));
      expect(told()).toEqual([message]);
    });

    it('offers to open the run and to undo it', async () => {
      await snapshots.create(notebook('a.ipynb'));
      pressAction('Open');
      pressAction('Add a note');
      pressAction('Undo');
      expect(commands.executed).toEqual([
        [CommandIDs.openRun, { runId: 'r1', snapshotId: 's1' }],
        [CommandIDs.annotateSnapshot, { snapshotId: 's1' }],
        [CommandIDs.deleteSnapshot, { snapshotId: 's1', isSure: true }]
      ]);
    });

    it('offers to mend a stale grade', async () => {
      const reasons = [STALE, UNSEEN];
      server.on(POST, { ...SNAPSHOT, grade: 'stale', reasons });
      await snapshots.create(notebook('a.ipynb'));
      pressAction('Show');
      pressAction('Run clean');
      expect(commands.executed).toEqual([
        [CommandIDs.showCells, { cellIds: ['c3'], path: 'a.ipynb' }],
        [CommandIDs.runClean, { path: 'a.ipynb' }]
      ]);
    });

    it.each([
      ['no-history', true],
      ['no-kernel', false],
      ['running', false]
    ])('offers a clean run where that helps: %s', async (code, helps) => {
      const reasons = [{ ...UNSEEN, code }];
      server.on(POST, { ...SNAPSHOT, grade: 'unknown', reasons });
      await snapshots.create(notebook('a.ipynb'));
      const { actions } = Notification.manager.notifications[0].options;
      expect(actions?.map(({ label }) => label)).toEqual([
        'Open',
        helps ? 'Run clean' : 'Add a note',
        'Undo'
      ]);
    });

    it('says why there is no snapshot, until it is read', async () => {
      server.refuse(
        POST,
        409,
        'The kernel is busy. Try again when it is idle.'
      );
      const snapshot = await snapshots.create(notebook('a.ipynb'));
      expect(snapshot).toBeNull();
      expect(told()).toEqual([
        'error: No snapshot was taken: The kernel is busy. Try again when it is idle.'
      ]);
      const { autoClose, actions } =
        Notification.manager.notifications[0].options;
      expect(autoClose).toBe(false);
      expect(actions).toEqual([]);
    });
  });

  it('has the list of runs read again', async () => {
    const hint = jest.spyOn(mlops.runs, 'hint');
    await snapshots.create(notebook('a.ipynb'));
    expect(hint).toHaveBeenCalledTimes(1);
  });
});
