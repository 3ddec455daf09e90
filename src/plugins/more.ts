import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ellipsesIcon, MenuSvg } from '@jupyterlab/ui-components';

import { describeArgs } from '../commands/args';
import { CommandIDs } from '../commands/ids';
import type { IMLOps } from '../tokens';

const SETTINGS = 'settingeditor:open';
const SHOWN = [
  CommandIDs.openRuns,
  CommandIDs.openData,
  CommandIDs.openLineage,
  CommandIDs.openStorage
];

/**
 * The menu of the sidebar: what is about the whole store, and the settings.
 */
export function addMore(
  { commands }: JupyterFrontEnd,
  { trans }: IMLOps,
  sidebar: { node: HTMLElement }
): void {
  const id = CommandIDs.showMore;
  commands.addCommand(id, {
    label: trans.__('More'),
    caption: trans.__('More'),
    icon: ellipsesIcon,
    execute: () => {
      const button = sidebar.node.querySelector<HTMLElement>(
        `[data-command="${id}"]`
      );
      const { bottom, left } = (button ?? sidebar.node).getBoundingClientRect();
      const menu = new MenuSvg({ commands });
      for (const command of SHOWN) {
        menu.addItem({ command });
      }
      if (commands.hasCommand(SETTINGS)) {
        menu.addItem({ type: 'separator' });
        menu.addItem({ command: SETTINGS, args: { query: 'MLOps' } });
      }
      menu.aboutToClose.connect(() => {
        requestAnimationFrame(() => {
          // not where the chosen command has put it elsewhere
          if (document.activeElement === document.body) {
            button?.focus();
          }
          menu.dispose();
        });
      });
      menu.open(left, bottom);
    },
    describedBy: describeArgs({})
  });
}
