import { trans } from '../../__tests__/mlops';
import { click, enter, find } from '../../__tests__/render';
import type { LiveModel, RegisteredModel } from '../../api/types';
import type { IRegistration } from '../registerForm';
import { RegisterForm } from '../registerForm';
import { FormDialog } from './dialog';

const MODEL: LiveModel = {
  variable: 'clf',
  class_name: 'LogisticRegression',
  module: 'sklearn.linear_model',
  framework: 'sklearn',
  fitted: true,
  size_bytes: 1_000,
  example_variable: 'X_train',
  supported: true,
  reason: null
};
const FRESH = { ...MODEL, variable: 'fresh', fitted: false };
const FOREIGN: LiveModel = {
  ...MODEL,
  variable: '신경망',
  class_name: 'Net',
  framework: 'torch',
  fitted: null,
  example_variable: null,
  supported: false,
  reason: 'Only scikit-learn models can be registered.'
};
const CHURN: RegisteredModel = {
  name: '이탈 예측',
  description: '',
  created_at: '2026-11-01T10:00:00Z',
  updated_at: '2026-11-01T10:00:00Z',
  latest_version: 2,
  aliases: {}
};

describe('RegisterForm', () => {
  let dialog: FormDialog<IRegistration>;

  const open = async (models: LiveModel[]) => {
    const registered = [CHURN];
    dialog = await FormDialog.open(
      new RegisterForm({ models, registered, trans })
    );
  };
  const choice = (variable: string) =>
    find<HTMLInputElement>(dialog.form.node, `input[value="${variable}"]`);

  afterEach(() => dialog.dispose());

  describe('models', () => {
    it('are told by variable, class and what is known of them', async () => {
      await open([MODEL, FRESH, FOREIGN]);
      const labels = dialog.form.node.querySelectorAll('fieldset label');
      expect([...labels].map(label => label.textContent)).toEqual([
        'clf LogisticRegressionsklearn · fitted · example X_train',
        'fresh LogisticRegressionsklearn · not fitted · example X_train',
        '신경망 Nettorch · Only scikit-learn models can be registered.'
      ]);
    });

    it.each([
      ['the first that is fitted', [FOREIGN, FRESH, MODEL], 'clf'],
      ['one of which that is not known', [{ ...MODEL, fitted: null }], 'clf'],
      ['else the first that can be registered', [FOREIGN, FRESH], 'fresh']
    ])('have one chosen: %s', async (_, models, variable) => {
      await open(models);
      expect(choice(variable).checked).toBe(true);
      expect(dialog.form.getValue().variable).toBe(variable);
    });

    it('can be chosen', async () => {
      await open([MODEL, FRESH]);
      click(choice('fresh'));
      expect(choice('fresh').checked).toBe(true);
      expect(choice('clf').checked).toBe(false);
      enter(dialog.input('Name'), 'a');
      await expect(dialog.accept()).resolves.toEqual({
        name: 'a',
        variable: 'fresh'
      });
    });

    it('cannot be chosen where they cannot be registered', async () => {
      await open([MODEL, FOREIGN]);
      expect(choice('신경망').disabled).toBe(true);
      click(choice('신경망'));
      expect(dialog.form.getValue().variable).toBe('clf');
    });

    it('keep the dialog open where none can be registered', async () => {
      await open([FOREIGN]);
      enter(dialog.input('Name'), 'a');
      expect(dialog.isValid).toBe(false);
      await expect(dialog.accept()).resolves.toBeNull();
    });
  });

  describe('name', () => {
    beforeEach(() => open([MODEL]));

    it('is required', async () => {
      expect(dialog.isValid).toBe(false);
      await expect(dialog.accept()).resolves.toBeNull();
      enter(dialog.input('Name'), '예측');
      expect(dialog.isValid).toBe(true);
      enter(dialog.input('Name'), '');
      expect(dialog.isValid).toBe(false);
    });

    it.each([' ', '\t ', 'a/b', 'a:b', '.', '..'])(
      'cannot be %j',
      async name => {
        enter(dialog.input('Name'), name);
        expect(dialog.isValid).toBe(false);
        await expect(dialog.accept()).resolves.toBeNull();
      }
    );

    it.each([
      ['churn', 'churn'],
      ['  이탈 예측 v2 ', '이탈 예측 v2'],
      ['...', '...'],
      ['.a', '.a'],
      ['a"\'<b>&%', 'a"\'<b>&%']
    ])('can be %j, and is taken as %j', async (text, name) => {
      enter(dialog.input('Name'), text);
      expect(dialog.input('Name').value).toBe(text);
      expect(dialog.isValid).toBe(true);
      await expect(dialog.accept()).resolves.toEqual({ name, variable: 'clf' });
    });

    it.each([
      ['', 'A new name, or one of a model that gets a new version'],
      ['  ', 'A new name, or one of a model that gets a new version'],
      ['이탈', 'new model'],
      ['이탈 예측', 'adds version 3'],
      [' 이탈 예측 ', 'adds version 3']
    ])('%j has the hint %s', (name, hint) => {
      enter(dialog.input('Name'), 'something else');
      enter(dialog.input('Name'), name);
      expect(dialog.hint('Name')).toBe(hint);
    });

    it('has the names of the registered models as suggestions', () => {
      const { list } = dialog.input('Name');
      const names = [...(list?.querySelectorAll('option') ?? [])];
      expect(names.map(({ value }) => value)).toEqual(['이탈 예측']);
    });

    it('has a pattern that browsers can read, which they do with v', () => {
      const { pattern } = dialog.input('Name');
      expect(pattern).not.toBe('');
      expect(() => new RegExp(pattern, 'v')).not.toThrow();
    });
  });
});
