import { trans } from '../../__tests__/mlops';
import { enter, find } from '../../__tests__/render';
import type { HeadlessOptions, NotebookParameter } from '../../api/types';
import { HeadlessForm } from '../headlessForm';
import { FormDialog } from './dialog';

const PARAMETERS: NotebookParameter[] = [
  { name: 'depth', text: '3', kind: 'number' },
  { name: '이름', text: '나무', kind: 'text' },
  { name: 'flag', text: 'True', kind: 'flag' },
  { name: 'columns', text: "['a']", kind: 'other' }
];
const KERNELS = [
  { name: 'ir', label: trans.__('R') },
  { name: 'python3', label: trans.__('Python 3') }
];

describe('HeadlessForm', () => {
  let dialog: FormDialog<HeadlessOptions>;

  const open = async (
    options: Partial<ConstructorParameters<typeof HeadlessForm>[0]> = {}
  ) => {
    dialog = await FormDialog.open<HeadlessOptions>(
      new HeadlessForm({
        parameters: PARAMETERS,
        kernel: 'python3',
        kernels: KERNELS,
        trans,
        ...options
      })
    );
  };
  const row = (name: string) =>
    find(dialog.form.node, '.jp-MLOpsForm-row span', name).parentElement!;
  const input = (name: string) => find<HTMLInputElement>(row(name), 'input');

  afterEach(() => dialog.dispose());

  it('leaves to the notebook what is as it has it', async () => {
    await open();
    expect(input('이름').value).toBe('나무');
    enter(input('columns'), "['b']");
    enter(input('columns'), "['a']");
    await expect(dialog.accept()).resolves.toMatchObject({
      parameters: {},
      kernel_name: 'python3',
      timeout: null
    });
  });

  it('sends what was changed, as it was typed', async () => {
    await open();
    enter(input('depth'), '1e-3');
    enter(input('이름'), '');
    enter(find<HTMLSelectElement>(row('flag'), 'select'), 'False');
    enter(dialog.select('Kernel'), 'ir');
    enter(dialog.input('Seconds that a cell may take'), '60');
    await expect(dialog.accept()).resolves.toMatchObject({
      parameters: { depth: '1e-3', 이름: '', flag: 'False' },
      kernel_name: 'ir',
      timeout: 60
    });
  });

  it.each([
    ['depth', ''],
    ['depth', 'three'],
    ['depth', '1,5'],
    ['depth', '1 2']
  ])('takes no %s of %j', async (name, text) => {
    await open();
    enter(input(name), text);
    expect(dialog.isValid).toBe(false);
    expect(find(row(name), '[role=alert]').textContent).toBe(
      'a number, such as 3'
    );
    await expect(dialog.accept()).resolves.toBeNull();
  });

  it.each(['0', '-1', '1.5', 'a'])('takes no %s seconds', async text => {
    await open();
    enter(dialog.input('Seconds that a cell may take'), text);
    expect(dialog.isValid).toBe(false);
  });

  it.each(['-4', '.5', '1.', '2E+3', 'inf', '-inf', 'nan'])(
    'takes %s for a number',
    async text => {
      await open();
      enter(input('depth'), text);
      expect(dialog.isValid).toBe(true);
    }
  );

  it('says how to get parameters where there are none', async () => {
    await open({ parameters: [] });
    expect(dialog.form.node.textContent).toContain('has the tag “parameters”');
    await expect(dialog.accept()).resolves.toMatchObject({ parameters: {} });
  });

  it('asks for no kernel where there is but one', async () => {
    await open({ kernels: KERNELS.slice(1) });
    expect(dialog.form.node.textContent).not.toContain('Kernel');
  });

  it('proposes another kernel where the own one is not installed', async () => {
    await open({ kernel: 'julia' });
    expect(dialog.select('Kernel').value).toBe('ir');
  });
});
