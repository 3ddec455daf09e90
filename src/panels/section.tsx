import type { SidePanel } from '@jupyterlab/ui-components';
import {
  CommandToolbarButton,
  PanelWithToolbar,
  ReactWidget
} from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import { CommandIDs } from '../commands/ids';
import { LazyView } from '../components/LazyView';
import type { IMLOpsContext } from '../hooks/context';
import { MLOpsContext } from '../hooks/context';

// their icons and captions say it all
const ICON_ONLY: ReadonlySet<string> = new Set([
  CommandIDs.openRuns,
  CommandIDs.refresh,
  CommandIDs.showMore
]);

/**
 * A section of a sidebar: its view, and the commands of the buttons beside its title.
 */
export interface ISection {
  title: string;
  View: React.ComponentType;
  buttons?: string[];
}

export function addSections(
  sidebar: SidePanel,
  context: IMLOpsContext,
  sections: ISection[]
): void {
  for (const section of sections) {
    const widget = createSection(context, section);
    sidebar.addWidget(widget);
    // the accordion names the region "… Section"
    widget.node.removeAttribute('aria-labelledby');
    widget.node.setAttribute('aria-label', section.title);
  }
}

function createSection(
  context: IMLOpsContext,
  { title, View, buttons = [] }: ISection
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
export class SectionView extends ReactWidget {
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
