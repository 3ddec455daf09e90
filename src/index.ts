import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { automatic } from './plugins/automatic';
import { data } from './plugins/data';
import { deployments } from './plugins/deployments';
import { experiment } from './plugins/experiment';
import { headless } from './plugins/headless';
import { history } from './plugins/history';
import { lineage } from './plugins/lineage';
import { manager } from './plugins/manager';
import { models } from './plugins/models';
import { notebook } from './plugins/notebook';
import { rerun } from './plugins/rerun';
import { sidebar } from './plugins/sidebar';
import { tabs } from './plugins/tabs';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  manager,
  sidebar,
  notebook,
  headless,
  history,
  data,
  automatic,
  experiment,
  rerun,
  models,
  lineage,
  deployments,
  tabs
];

export default plugins;
