import { trans } from '../../__tests__/mlops';
import { enter } from '../../__tests__/render';
import type { Deployment, RegisteredModel } from '../../api/types';
import type { IDeployment } from '../deployForm';
import { DeployForm, versionsDown } from '../deployForm';
import { FormDialog } from './dialog';

const CHURN: RegisteredModel = {
  name: 'Churn Model',
  description: '',
  created_at: '2026-11-01T10:00:00Z',
  updated_at: '2026-11-01T10:00:00Z',
  latest_version: 3,
  aliases: { champion: 2, 도전자: 3 }
};
const KOREAN = {
  ...CHURN,
  name: '이탈 예측',
  latest_version: 1,
  aliases: {}
};
const DEPLOYMENT = {
  name: 'churn-model',
  model_name: 'Churn Model',
  version: 2
} as Deployment;

describe('DeployForm', () => {
  let dialog: FormDialog<IDeployment>;

  const open = async (wanted: Partial<IDeployment> = {}) => {
    const models = [CHURN, KOREAN];
    const deployments = [DEPLOYMENT];
    dialog = await FormDialog.open(
      new DeployForm({ models, deployments, wanted, trans })
    );
  };
  const options = (label: string) =>
    [...dialog.select(label).options].map(({ text, value }) => [text, value]);

  afterEach(() => dialog.dispose());

  it('proposes the newest version of the first model', async () => {
    await open();
    expect(dialog.select('Model').value).toBe('Churn Model');
    expect(dialog.select('Version').value).toBe('v3');
    expect(dialog.isValid).toBe(true);
    await expect(dialog.accept()).resolves.toEqual({
      model: 'Churn Model',
      version: 3,
      alias: null,
      name: null
    });
  });

  it('proposes the model that is asked for', async () => {
    await open({ model: '이탈 예측' });
    expect(dialog.select('Model').value).toBe('이탈 예측');
    expect(options('Model')).toEqual([
      ['Churn Model', 'Churn Model'],
      ['이탈 예측', '이탈 예측']
    ]);
  });

  it.each([
    [{ version: 1 }, 'v1'],
    [{ alias: 'champion' }, '@champion'],
    [{ version: null, alias: null }, 'v3']
  ])('proposes %j of it', async (wanted, choice) => {
    await open({ model: 'Churn Model', name: 'mine', ...wanted });
    expect(dialog.select('Version').value).toBe(choice);
    expect(dialog.input('Deployment').value).toBe('mine');
  });

  it('proposes nothing of a model that is no more', async () => {
    await open({ model: 'gone', version: 1, alias: 'old', name: 'mine' });
    expect(dialog.form.getValue()).toEqual({
      model: 'Churn Model',
      version: 3,
      alias: null,
      name: null
    });
  });

  it('offers aliases, then versions from the newest down', async () => {
    await open();
    expect(options('Version')).toEqual([
      ['★champion (v2)', '@champion'],
      ['★도전자 (v3)', '@도전자'],
      ['v3', 'v3'],
      ['v2', 'v2'],
      ['v1', 'v1']
    ]);
  });

  it.each([
    ['@도전자', { version: null, alias: '도전자' }],
    ['v1', { version: 1, alias: null }]
  ])('deploys %s', async (choice, expected) => {
    await open();
    enter(dialog.select('Version'), '@champion');
    enter(dialog.select('Version'), choice);
    expect(dialog.select('Version').value).toBe(choice);
    await expect(dialog.accept()).resolves.toMatchObject(expected);
  });

  it('forgets the version when another model is chosen', async () => {
    await open();
    enter(dialog.select('Version'), '@champion');
    enter(dialog.select('Model'), '이탈 예측');
    expect(dialog.select('Version').value).toBe('v1');
    expect(dialog.form.getValue()).toMatchObject({
      model: '이탈 예측',
      version: 1,
      alias: null
    });
  });

  describe('name', () => {
    it.each([
      ['', 'replaces Churn Model v2 under the same URL'],
      ['churn-model', 'replaces Churn Model v2 under the same URL'],
      ['churn-2', 'gets a URL of its own']
    ])('%j has the hint %s', async (name, hint) => {
      await open();
      enter(dialog.input('Deployment'), 'x');
      enter(dialog.input('Deployment'), name);
      expect(dialog.hint('Deployment')).toBe(hint);
      expect(dialog.isValid).toBe(true);
    });

    it('can be left to the server where it can make one', async () => {
      await open();
      expect(dialog.input('Deployment').placeholder).toBe('churn-model');
      enter(dialog.input('Deployment'), 'x');
      enter(dialog.input('Deployment'), '');
      await expect(dialog.accept()).resolves.toMatchObject({ name: null });
    });

    it('is required where the server can make none', async () => {
      await open({ model: '이탈 예측' });
      expect(dialog.isValid).toBe(false);
      expect(dialog.hint('Deployment')).toBe(
        'needs a name of letters from A to Z and digits'
      );
      enter(dialog.input('Deployment'), 'churn');
      expect(dialog.hint('Deployment')).toBe('gets a URL of its own');
      await expect(dialog.accept()).resolves.toMatchObject({
        model: '이탈 예측',
        name: 'churn'
      });
    });

    it.each([' ', 'a b', '-a', '.a', '가', 'a/b', 'a'.repeat(64)])(
      'cannot be %j',
      async name => {
        await open();
        enter(dialog.input('Deployment'), name);
        expect(dialog.isValid).toBe(false);
        await expect(dialog.accept()).resolves.toBeNull();
      }
    );

    it.each(['a', '7', 'A.b_c-d', 'a'.repeat(63)])('can be %j', async name => {
      await open();
      enter(dialog.input('Deployment'), name);
      await expect(dialog.accept()).resolves.toMatchObject({ name });
    });

    it('has a pattern that browsers can read, which they do with v', async () => {
      await open();
      const { pattern } = dialog.input('Deployment');
      expect(pattern).not.toBe('');
      expect(() => new RegExp(pattern, 'v')).not.toThrow();
    });
  });
});

describe('versionsDown', () => {
  it.each([
    [3, [3, 2, 1]],
    [1, [1]],
    [0, []]
  ])('from %d', (latest, versions) => {
    expect(versionsDown(latest)).toEqual(versions);
  });
});
