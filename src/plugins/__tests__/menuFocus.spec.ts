import { CommandRegistry } from '@lumino/commands';
import { MessageLoop } from '@lumino/messaging';
import { Menu } from '@lumino/widgets';

import { keepFocus } from '../menuFocus';

const frame = () => new Promise(drawn => requestAnimationFrame(drawn));

describe('keepFocus', () => {
  const commands = new CommandRegistry();
  let seen: Element | null = null;
  commands.addCommand('look', {
    execute: () => {
      seen = document.activeElement;
    },
    describedBy: { args: null }
  });
  const menu = new Menu({ commands });
  menu.addItem({ command: 'look' });
  keepFocus(menu);

  beforeEach(() => {
    document.body.innerHTML =
      '<ul class="jp-MLOpsTab"><li id="row" tabindex="0"></li></ul><a id="other" href="#"></a>';
  });

  /** Opens the menu on an element, as the keyboard does. */
  function open(id: string): HTMLElement {
    const node = document.getElementById(id)!;
    node.focus();
    node.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true }));
    menu.open(0, 0);
    MessageLoop.flush();
    expect(document.activeElement).toBe(menu.node);
    return node;
  }

  it('returns to the row when the menu closes', async () => {
    const row = open('row');
    menu.close();
    await frame();
    expect(document.activeElement).toBe(row);
  });

  it('is back before the command runs, whose dialog will return to it', () => {
    const row = open('row');
    menu.activeIndex = 0;
    menu.triggerActiveItem();
    expect(seen).toBe(row);
  });

  it('stays where a command has put it', async () => {
    open('row');
    menu.close();
    document.getElementById('other')!.focus();
    await frame();
    expect(document.activeElement?.id).toBe('other');
  });

  it('leaves what is not ours alone', async () => {
    open('other');
    menu.close();
    await frame();
    expect(document.activeElement).toBe(document.body);
  });
});
