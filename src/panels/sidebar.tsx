import {
  CommandToolbarButton,
  PanelWithToolbar,
  ReactWidget,
  SidePanel
} from '@jupyterlab/ui-components';
import type { ITranslator } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import { CommandIDs } from '../commands/ids';
import { LazyView } from '../components/LazyView';
import type { IMLOpsContext } from '../hooks/context';
import { MLOpsContext } from '../hooks/context';
import { mlopsIcon } from '../icons';

// their icons and captions say it all
const ICON_ONLY: ReadonlySet<string> = new Set([
  CommandIDs.openRuns,
  CommandIDs.refresh
]);

interface ISection {
  title: string;
  View: React.ComponentType;
  buttons: string[];
}

const RunsPanel = React.lazy(async () => ({
  default: (await import('./RunsPanel')).RunsPanel
}));
const ModelsPanel = React.lazy(async () => ({
  default: (await import('./ModelsPanel')).ModelsPanel
}));
const DeploymentsPanel = React.lazy(async () => ({
  default: (await import('./DeploymentsPanel')).DeploymentsPanel
}));

/**
 * The sidebar with the sections Runs, Models and Deployments.
 */
export function createSidebar(
  context: IMLOpsContext,
  translator: ITranslator
): SidePanel {
  const { trans } = context;
  const sidebar = new SidePanel({ translator });
  sidebar.id = 'jupyter-mlops-sidebar';
  sidebar.addClass('jp-MLOpsSidebar');
  sidebar.title.icon = mlopsIcon;
  sidebar.title.caption = trans.__('MLOps');
  const sections: ISection[] = [
    {
      title: trans.__('Runs'),
      View: RunsPanel,
      buttons: [CommandIDs.openRuns, CommandIDs.refresh]
    },
    {
      title: trans.__('Models'),
      View: ModelsPanel,
      buttons: [CommandIDs.registerModel]
    },
    {
      title: trans.__('Deployments'),
      View: DeploymentsPanel,
      buttons: [CommandIDs.deployModel]
    }
  ];
  for (const section of sections) {
    const widget = createSection(context, section);
    sidebar.addWidget(widget);
    // the accordion names the region "… Section"
    widget.node.removeAttribute('aria-labelledby');
    widget.node.setAttribute('aria-label', section.title);
  }
  return sidebar;
}

function createSection(
  context: IMLOpsContext,
  { title, View, buttons }: ISection
): PanelWithToolbar {
  const section = new PanelWithToolbar();
  section.addClass('jp-MLOpsSection');
  section.title.label = title;
  for (const id of buttons) {
    section.toolbar.addItem(
      id,
      new CommandToolbarButton({
        commands: context.commands,
        id,
        ...(ICON_ONLY.has(id) ? { label: '' } : {})
      })
    );
  }
  section.addWidget(new SectionView(context, View));
  return section;
}

/**
 * Draws its view from when it is first seen, so that nobody pays for a sidebar that stays closed.
 */
class SectionView extends ReactWidget {
  constructor(context: IMLOpsContext, View: React.ComponentType) {
    super();
    this._context = context;
    this._View = View;
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._see();
  }

  protected onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._see();
  }

  protected render(): JSX.Element | null {
    const View = this._View;
    return this._isSeen ? (
      <MLOpsContext.Provider value={this._context}>
        <LazyView>
          <View />
        </LazyView>
      </MLOpsContext.Provider>
    ) : null;
  }

  private _see(): void {
    if (!this._isSeen && this.isVisible) {
      this._isSeen = true;
      this.update();
    }
  }

  private _View: React.ComponentType;
  private _context: IMLOpsContext;
  private _isSeen = false;
}
