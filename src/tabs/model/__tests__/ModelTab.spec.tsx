import * as React from 'react';

import type { ModelVersion, RegisteredModelDetail } from '../../../api/types';
import { CommandIDs } from '../../../commands/ids';
import { ModelTab } from '../ModelTab';
import { Harness, Refusal, until } from './harness';

const VERSION: ModelVersion = {
  name: '이탈 예측',
  version: 1,
  created_at: '2026-11-01T10:00:00Z',
  author: 'kim',
  description: '',
  status: 'READY',
  framework: 'sklearn',
  flavor: 'sklearn',
  class_name: 'LogisticRegression',
  serialization: 'cloudpickle',
  run_id: null,
  snapshot_id: null,
  notebook_path: null,
  variable: null,
  object_id: 'ab'.repeat(32),
  size_bytes: 12_345,
  aliases: ['champion'],
  signature: null,
  input_example: null,
  requirements: [],
  executable: null,
  source: null
};
const SECOND: ModelVersion = {
  ...VERSION,
  version: 2,
  aliases: [],
  class_name: 'RandomForestClassifier',
  run_id: 'run-2',
  snapshot_id: '3f9a'.repeat(16),
  notebook_path: 'train.ipynb',
  variable: 'clf',
  signature: {
    inputs: [{ type: 'double', name: 'age', required: true }],
    outputs: [
      { type: 'tensor', 'tensor-spec': { dtype: 'int64', shape: [-1] } }
    ],
    params: null
  },
  input_example: { dataframe_split: { columns: ['age'], data: [[41.5]] } },
  requirements: ['scikit-learn==1.9.1', 'pandas==3.0.0']
};
const MODEL: RegisteredModelDetail = {
  name: '이탈 예측',
  description: '',
  created_at: '2026-11-01T10:00:00Z',
  updated_at: '2026-11-02T10:00:00Z',
  latest_version: 2,
  aliases: { champion: 1 },
  versions: [SECOND, VERSION]
};
const CHANGES = [
  { alias: 'old', version: null, changed_at: '2026-11-03T10:00:00Z' },
  { alias: 'champion', version: 1, changed_at: '2026-11-02T10:00:00Z' }
].map(change => ({ ...change, author: 'lee' }));

describe('ModelTab', () => {
  let harness: Harness;

  beforeEach(() => {
    harness = new Harness({
      'GET models': { items: [], next_token: null },
      'GET models/이탈 예측': MODEL,
      'GET models/이탈 예측/alias-changes': {
        items: CHANGES,
        next_token: null
      }
    });
  });

  afterEach(() => harness.dispose());

  it('shows the newest version in full', async () => {
    harness.body.showView(<ModelTab name={MODEL.name} />);
    await harness.see('h3', 'Version 2');
    await harness.read('★champion → v1');
    await harness.read('12.3 kB');
    await harness.read('int64 (n)');
    await harness.read('{"dataframe_split": {"columns": ["age"]');
    await harness.read('scikit-learn==1.9.1\npandas==3.0.0\n');
    await harness.click('Open run');
    expect(harness.executed).toEqual([
      [CommandIDs.openRun, { runId: 'run-2', snapshotId: SECOND.snapshot_id }]
    ]);
  });

  it('says where the files of a version are that are not here', async () => {
    const source = 's3://bucket/churn';
    const version = { ...VERSION, object_id: null, size_bytes: 0, source };
    harness.dispose();
    harness = new Harness({
      'GET models': { items: [], next_token: null },
      'GET models/이탈 예측': { ...MODEL, versions: [version] },
      'GET models/이탈 예측/alias-changes': { items: [], next_token: null }
    });
    harness.body.showView(<ModelTab name={MODEL.name} />);
    await harness.read(source);
    await harness.read('The files of this version are elsewhere.');
    expect(harness.body.node.textContent).not.toContain('0 B');
  });

  it('says what to do with a model that has no version', async () => {
    harness.routes['GET models/이탈 예측'] = {
      ...MODEL,
      latest_version: 0,
      aliases: {},
      versions: []
    };
    harness.body.showView(<ModelTab name={MODEL.name} />);
    await harness.see('h2', MODEL.name);
    await harness.read('This model has no version.');
    expect(harness.find('button', 'Deploy')).toBeNull();
  });

  it('acts on the version that is chosen', async () => {
    harness.body.showView(<ModelTab name={MODEL.name} version={2} />);
    await harness.click('v1, champion', 'li');
    await harness.see('h3', 'Version 1');
    await harness.read('This version has no input example.');
    const chosen = await harness.see('li[aria-current]');
    expect(chosen.getAttribute('aria-label')).toBe('v1, champion');
    await harness.click('Deploy');
    await harness.click('Set alias…');
    const subject = { name: MODEL.name, version: 1 };
    expect(harness.executed).toEqual([
      [CommandIDs.deployModel, subject],
      [CommandIDs.setAlias, subject]
    ]);
  });

  it('opens at the version that is asked for', async () => {
    harness.body.showView(<ModelTab name={MODEL.name} version={1} />);
    await harness.see('h3', 'Version 1');
    harness.body.showView(<ModelTab name={MODEL.name} version={2} />);
    await harness.see('h3', 'Version 2');
  });

  it('tells the history of the aliases', async () => {
    harness.body.showView(<ModelTab name={MODEL.name} />);
    const cells = await until(() => {
      const found = harness.body.node.querySelectorAll('section td');
      return found.length === 8 ? [...found] : null;
    }, 'two changes');
    const texts = cells.map(cell => cell.textContent);
    expect(texts.slice(0, 2)).toEqual(['old', 'removed']);
    expect(texts.slice(4, 6)).toEqual(['champion', 'v1']);
  });

  it.each([MODEL.name, '*'])('reads again when %s has changed', async id => {
    harness.body.showView(<ModelTab name={MODEL.name} />);
    await harness.see('h3', 'Version 2');
    const third = { ...SECOND, version: 3, author: 'park' };
    harness.routes['GET models/이탈 예측'] = {
      ...MODEL,
      aliases: { champion: 3 },
      versions: [third, SECOND, VERSION]
    };
    harness.emit('registry', 'created', id);
    await harness.see('h3', 'Version 3');
    await harness.read('★champion → v3');
  });

  it('keeps what it has when the server fails', async () => {
    harness.body.showView(<ModelTab name={MODEL.name} />);
    await harness.see('h3', 'Version 2');
    const refusal = new Refusal(503, 'The store cannot be read.');
    harness.routes['GET models/이탈 예측'] = refusal;
    harness.emit('registry', 'changed', MODEL.name);
    await harness.read('The store cannot be read.');
    expect(harness.find('h3', 'Version 2')).not.toBeNull();
    harness.routes['GET models/이탈 예측'] = MODEL;
    await harness.click('Retry');
    await until(
      () => !harness.text.includes('The store cannot be read.'),
      'the end of the failure'
    );
  });
});
