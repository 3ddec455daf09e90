import { SidePanel } from '@jupyterlab/ui-components';
import type { ITranslator } from '@jupyterlab/translation';
import { Panel } from '@lumino/widgets';
import * as React from 'react';

import type { IMLOpsContext } from '../../hooks/context';
import type { INotebookContext } from '../../hooks/notebook';
import { NotebookContext, useNotebook } from '../../hooks/notebook';
import { experimentIcon } from '../../icons';
import { SectionView } from '../section';
import { FoldingSection } from './FoldingSection';
import { Heading } from './Heading';
import type { IExperimentSection } from './sections';
import { experimentSections } from './sections';

/**
 * The sidebar `Experiment`: what is known of the current notebook.
 */
export function createExperiment(
  context: IMLOpsContext,
  beside: INotebookContext,
  translator: ITranslator
): SidePanel {
  const { trans } = context;
  // no accordion: six sections of one height would be too low for what they show
  const sidebar = new SidePanel({ content: new Panel(), translator });
  sidebar.id = 'jupyter-mlops-experiment';
  sidebar.addClass('jp-MLOpsSidebar');
  sidebar.content.addClass('jp-MLOpsFolding');
  sidebar.title.icon = experimentIcon;
  sidebar.title.caption = trans.__('Experiment');
  const within = (View: React.ComponentType) => () => (
    <NotebookContext.Provider value={beside}>
      <View />
    </NotebookContext.Provider>
  );
  // of its own style, not JupyterLab's capitals
  sidebar.header.removeClass('jp-SidePanel-header');
  sidebar.header.addWidget(new SectionView(context, within(Heading)));
  for (const section of experimentSections(trans)) {
    sidebar.addWidget(
      new SectionView(context, within(onlyWithNotebook(section)))
    );
  }
  const showSections = () => {
    sidebar.content.setHidden(beside.notebook.panel === null);
  };
  beside.notebook.changed.connect(showSections);
  sidebar.disposed.connect(() => {
    beside.notebook.changed.disconnect(showSections);
  });
  showSections();
  return sidebar;
}

/**
 * The section, while there is a notebook; a new view for each notebook, so that nothing of the last is shown for the
 * next.
 */
function onlyWithNotebook({
  View,
  ...section
}: IExperimentSection): React.ComponentType {
  return () => {
    const notebook = useNotebook();
    return (
      notebook && (
        <FoldingSection {...section}>
          <View key={notebook.panel.id} />
        </FoldingSection>
      )
    );
  };
}
