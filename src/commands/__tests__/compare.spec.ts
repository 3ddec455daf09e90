import { Notification } from '@jupyterlab/apputils';

import { createMLOps } from '../../__tests__/mlops';
import { FakeServer } from '../../api/__tests__/server';
import { compareWithNow, compareWithPrevious } from '../compare';
import { FakeCommands } from './fakeCommands';
import { told } from './notifications';

describe('compareWithPrevious', () => {
  const server = new FakeServer();
  const commands = new FakeCommands();
  const compare = async (runId: string) => {
    const mlops = createMLOps(server);
    await compareWithPrevious(mlops, commands, runId);
    mlops.dispose();
  };

  afterEach(() => Notification.dismiss());

  it('sets the earlier snapshot first, as the baseline', async () => {
    server.on('GET runs/r2', { name: 'train', snapshot_id: 's2' });
    server.on('GET snapshots/s2', { parent_id: 's1' });
    await compare('r2');
    expect(commands.executed).toEqual([
      ['mlops:compare-runs', { runIds: ['s1', 'r2'] }]
    ]);
    expect(told()).toEqual([]);
  });

  it('takes the snapshot that is meant, not the newest of its run', async () => {
    const before = commands.executed.length;
    server.on('GET snapshots/s1', { parent_id: 's0' });
    const mlops = createMLOps(server);
    await compareWithPrevious(mlops, commands, 'r2', 's1');
    mlops.dispose();
    expect(commands.executed.slice(before)).toEqual([
      ['mlops:compare-runs', { runIds: ['s0', 's1'] }]
    ]);
  });

  it('says where there is none', async () => {
    server.on('GET runs/r1', { name: '첫 실행', snapshot_id: null });
    await compare('r1');
    expect(told()[0]).toContain('첫 실행 has no earlier snapshot');
  });

  it('says why it cannot be told', async () => {
    await compare('gone');
    expect(told()[0]).toContain('The run was not compared: ');
  });
});

describe('compareWithNow', () => {
  const server = new FakeServer();
  const compare = async (runId: string, snapshotId: string | null = null) => {
    const commands = new FakeCommands();
    const mlops = createMLOps(server);
    await compareWithNow(mlops, commands, runId, snapshotId);
    mlops.dispose();
    return commands.executed;
  };

  afterEach(() => Notification.dismiss());

  it('sets the notebook beside the run, or beside one of its snapshots', async () => {
    server.on('GET runs/r1', { name: 'train', notebook_path: 'a,b.ipynb' });
    expect(await compare('r1')).toEqual([
      ['mlops:compare-runs', { runIds: ['r1', 'now:r1'] }]
    ]);
    expect(await compare('r1', 's1')).toEqual([
      ['mlops:compare-runs', { runIds: ['s1', 'now:s1'] }]
    ]);
  });

  it('says that there is none', async () => {
    server.on('GET runs/r2', { name: '기록', notebook_path: null });
    expect(await compare('r2')).toEqual([]);
    expect(told()[0]).toContain('기록 was not run in a notebook.');
  });
});
