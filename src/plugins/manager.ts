import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { errorMessage } from '../api/request';
import { MLOpsManager } from '../services/manager';
import { IMLOps } from '../tokens';
import { VERSION } from '../version';

/**
 * What the server part knows, for the other plugins and for other extensions.
 */
export const manager: JupyterFrontEndPlugin<IMLOps> = {
  id: 'jupyter-mlops:manager',
  description: 'Runs, models and deployments of the MLOps server part.',
  autoStart: true,
  optional: [ITranslator],
  provides: IMLOps,
  activate: (app: JupyterFrontEnd, translator: ITranslator | null) => {
    const { events, serverSettings } = app.serviceManager;
    const trans = (translator ?? nullTranslator).load('jupyter_mlops');
    const mlops = new MLOpsManager({ events, serverSettings, trans });
    void app.restored.then(() => compareVersions(mlops));
    return mlops;
  }
};

/**
 * Says so where the server part is missing, or is older or newer than the page.
 */
async function compareVersions({ client, trans }: IMLOps): Promise<void> {
  let message: string;
  try {
    const { version } = await client.status();
    if (version === VERSION) {
      return;
    }
    message = trans.__(
      'MLOps: the server runs version %1, this page version %2. Restart JupyterLab, then reload the page.',
      version,
      VERSION
    );
  } catch (reason) {
    message = trans.__(
      'MLOps: the server part does not answer: %1. Is it enabled? See: jupyter server extension list',
      errorMessage(reason)
    );
  }
  Notification.warning(message, { autoClose: false });
}
