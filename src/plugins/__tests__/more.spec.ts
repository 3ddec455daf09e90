import type { JupyterFrontEnd } from '@jupyterlab/application';
import { CommandRegistry } from '@lumino/commands';

import { trans } from '../../__tests__/mlops';
import { CommandIDs } from '../../commands/ids';
import type { IMLOps } from '../../tokens';
import { addMore } from '../more';

const frame = () => new Promise(drawn => requestAnimationFrame(drawn));

describe('addMore', () => {
  it('opens a menu of what is about the whole store, and gives the focus back', async () => {
    const commands = new CommandRegistry();
    const executed: string[] = [];
    for (const id of [
      CommandIDs.openRuns,
      CommandIDs.openData,
      CommandIDs.openLineage,
      CommandIDs.openStorage
    ]) {
      commands.addCommand(id, {
        label: id,
        execute: () => void executed.push(id),
        describedBy: { args: null }
      });
    }
    const node = document.createElement('div');
    node.innerHTML = `<button data-command="${CommandIDs.showMore}"></button>`;
    document.body.append(node);
    const app = { commands } as JupyterFrontEnd;
    addMore(app, { trans } as IMLOps, { node });
    const labels = () =>
      [...document.querySelectorAll('.lm-Menu-itemLabel')].map(
        ({ textContent }) => textContent
      );
    await commands.execute(CommandIDs.showMore);
    // without a settings editor there is no way to it
    expect(labels()).toEqual([
      'mlops:open-runs',
      'mlops:open-data',
      'mlops:open-lineage',
      'mlops:open-storage'
    ]);
    const menu = document.querySelector('.lm-Menu')!;
    menu.dispatchEvent(
      new KeyboardEvent('keydown', { keyCode: 27, bubbles: true })
    );
    await frame();
    await frame();
    expect(labels()).toEqual([]);
    expect(document.activeElement).toBe(node.firstChild);
  });
});
