import { trans } from '../../__tests__/mlops';
import { enter } from '../../__tests__/render';
import type { ModelVersion, RegisteredModelDetail } from '../../api/types';
import type { IAliasFormOptions } from '../aliasForm';
import { AliasForm } from '../aliasForm';
import { FormDialog } from './dialog';

const MODEL: RegisteredModelDetail = {
  name: '이탈 예측',
  description: '',
  created_at: '2026-11-01T10:00:00Z',
  updated_at: '2026-11-01T10:00:00Z',
  latest_version: 5,
  aliases: { champion: 3, 도전자: 5 },
  versions: [5, 3, 1].map(version => ({ version }) as ModelVersion)
};

describe('AliasForm', () => {
  let dialog: FormDialog<{ alias: string; version: number }>;

  const open = async (options: Partial<IAliasFormOptions> = {}) => {
    dialog = await FormDialog.open(
      new AliasForm({ model: MODEL, trans, ...options })
    );
  };

  afterEach(() => dialog.dispose());

  it('proposes champion for the newest version', async () => {
    await open();
    expect(dialog.isValid).toBe(true);
    await expect(dialog.accept()).resolves.toEqual({
      alias: 'champion',
      version: 5
    });
  });

  it('is where Tab goes from the last button', async () => {
    await open();
    expect(dialog.tabFromLastButton()).toBe(dialog.input('Alias'));
  });

  it('proposes what is given', async () => {
    await open({ alias: '도전자', version: 1 });
    expect(dialog.input('Alias').value).toBe('도전자');
    expect(dialog.select('Version').value).toBe('1');
  });

  it('offers the versions that there are', async () => {
    await open();
    const options = [...dialog.select('Version').options];
    expect(options.map(({ text }) => text)).toEqual(['v5', 'v3', 'v1']);
    enter(dialog.select('Version'), '1');
    await expect(dialog.accept()).resolves.toEqual({
      alias: 'champion',
      version: 1
    });
  });

  it('suggests champion and the aliases that there are, each once', async () => {
    const suggestions = () =>
      [...(dialog.input('Alias').list?.options ?? [])].map(
        ({ value }) => value
      );
    await open();
    expect(suggestions()).toEqual(['champion', '도전자']);
    dialog.dispose();
    await open({ model: { ...MODEL, aliases: { old: 1 } } });
    expect(suggestions()).toEqual(['champion', 'old']);
  });

  it.each([
    ['champion', '5', 'moves from v3'],
    ['champion', '3', 'already points at v3'],
    ['도전자', '5', 'already points at v5'],
    ['shadow', '5', 'new alias'],
    ['constructor', '5', 'new alias']
  ])('%s of version %s: %s', async (alias, version, hint) => {
    await open({ version: 1 });
    enter(dialog.input('Alias'), alias);
    enter(dialog.select('Version'), version);
    expect(dialog.hint('Alias')).toBe(hint);
  });

  it.each(['', ' ', 'a b', 'a/b', 'a.b', '★'])(
    'does not take %j for an alias',
    async alias => {
      await open();
      enter(dialog.input('Alias'), alias);
      expect(dialog.isValid).toBe(false);
      await expect(dialog.accept()).resolves.toBeNull();
    }
  );

  it.each(['a', '도전자_2', 'under-test', 'É'])(
    'takes %j for an alias',
    async alias => {
      await open();
      enter(dialog.input('Alias'), '');
      enter(dialog.input('Alias'), alias);
      await expect(dialog.accept()).resolves.toEqual({ alias, version: 5 });
    }
  );

  it('has a pattern that browsers can read, which they do with v', async () => {
    await open();
    const { pattern } = dialog.input('Alias');
    expect(pattern).not.toBe('');
    expect(() => new RegExp(pattern, 'v')).not.toThrow();
  });
});
