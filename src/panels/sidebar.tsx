import { SidePanel } from '@jupyterlab/ui-components';
import type { ITranslator } from '@jupyterlab/translation';
import type { AccordionPanel } from '@lumino/widgets';
import * as React from 'react';

import { CommandIDs } from '../commands/ids';
import type { IMLOpsContext } from '../hooks/context';
import { mlopsIcon } from '../icons';
import { addSections } from './section';

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
  addSections(sidebar, context, [
    {
      title: trans.__('Runs'),
      View: RunsPanel,
      buttons: [CommandIDs.openRuns, CommandIDs.refresh, CommandIDs.showMore]
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
  ]);
  // of runs there are many, of models and deployments few
  (sidebar.content as AccordionPanel).setRelativeSizes([2, 1, 1]);
  return sidebar;
}
