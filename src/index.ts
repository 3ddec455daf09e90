import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { mlopsIcon } from './icons';

/**
 * The sidebar in which the sections of the rooms are put.
 */
const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:plugin',
  description: 'The MLOps sidebar.',
  autoStart: true,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('jupyter_mlops');
    const sidebar = new Widget();
    sidebar.id = 'jupyter-mlops-sidebar';
    sidebar.addClass('jp-MLOpsSidebar');
    sidebar.title.icon = mlopsIcon;
    sidebar.title.caption = trans.__('MLOps');
    app.shell.add(sidebar, 'left', { rank: 600, type: 'MLOps' });
  }
};

export default plugin;
