import { SidePanel } from '@jupyterlab/ui-components';
import type { ITranslator } from '@jupyterlab/translation';
import * as React from 'react';

import type { IMLOpsContext } from '../../hooks/context';
import type { INotebookContext } from '../../hooks/notebook';
import { NotebookContext, useNotebook } from '../../hooks/notebook';
import { experimentIcon } from '../../icons';
import { addSections, SectionView } from '../section';
import { Heading } from './Heading';
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
  const sidebar = new SidePanel({ translator });
  sidebar.id = 'jupyter-mlops-experiment';
  sidebar.addClass('jp-MLOpsSidebar');
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
  addSections(
    sidebar,
    context,
    experimentSections(trans).map(({ View, ...section }) => ({
      ...section,
      View: within(onlyWithNotebook(View))
    }))
  );
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
 * The view, while there is a notebook; a new one for each notebook, so that nothing of the last is shown for the next.
 */
function onlyWithNotebook(View: React.ComponentType): React.ComponentType {
  return () => {
    const notebook = useNotebook();
    return notebook && <View key={notebook.panel.id} />;
  };
}
