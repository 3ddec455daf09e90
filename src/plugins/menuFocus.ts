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
    // not where the chosen command has put it elsewhere
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) {
        focused?.focus();
      }
    });
  });
}
