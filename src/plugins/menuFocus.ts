import type { Menu } from '@lumino/widgets';

const OURS = '.jp-MLOpsSection, .jp-MLOpsFolding, .jp-MLOpsTab';

/**
 * Gives the focus back to what had it when its context menu was opened. A menu that closes leaves it nowhere, and who
 * works with the keyboard would begin again at the top of the page.
 */
export function keepFocus(menu: Menu): void {
  let before: HTMLElement | null = null;
  document.addEventListener(
    'contextmenu',
    () => {
      const { activeElement: focused } = document;
      before =
        focused instanceof HTMLElement && focused.closest(OURS)
          ? focused
          : null;
    },
    true
  );
  menu.aboutToClose.connect(() => {
    const focused = before;
    before = null;
    const giveBack = () => {
      const { activeElement } = document;
      if (
        activeElement === document.body ||
        menu.node.contains(activeElement)
      ) {
        focused?.focus();
      }
    };
    // before the chosen command opens a dialog, which gives it back where it was then
    giveBack();
    // not where the command has put it elsewhere
    requestAnimationFrame(giveBack);
  });
}
