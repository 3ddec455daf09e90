import { trans } from '../../__tests__/mlops';
import { click, enter, find } from '../../__tests__/render';
import { MarksForm } from '../marksForm';
import { FormDialog } from './dialog';

interface IMarks {
  note: string;
  tags: string[];
}

const open = () =>
  FormDialog.open<IMarks>(
    new MarksForm({
      note: 'as it was',
      tags: ['a'],
      other: null,
      known: ['a', 'paper'],
      trans
    })
  );

describe('MarksForm', () => {
  it('takes tags with commas between, each once', async () => {
    const dialog = await open();
    enter(dialog.input('Tags'), ' b,a,, b ');
    expect(await dialog.accept()).toEqual({
      note: 'as it was',
      tags: ['a', 'b']
    });
  });

  it('offers tags that others have', async () => {
    const dialog = await open();
    click(find(dialog.form.node, 'button', '+ paper'));
    expect(dialog.input('Tags').value).toBe('a, paper');
    expect((await dialog.accept())?.tags).toEqual(['a', 'paper']);
  });

  it('refuses what the server would refuse', async () => {
    const dialog = await open();
    enter(dialog.input('Tags'), 'x'.repeat(51));
    expect(dialog.isValid).toBe(false);
    expect(dialog.hint('Tags')).toBe('At most 20 tags of at most 50 letters');
    enter(dialog.input('Tags'), Array.from({ length: 21 }, (_, n) => n).join());
    expect(dialog.isValid).toBe(false);
    enter(dialog.input('Tags'), '');
    expect(dialog.isValid).toBe(true);
    expect((await dialog.accept())?.tags).toEqual([]);
  });
});
