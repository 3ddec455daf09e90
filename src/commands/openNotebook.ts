import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';

import { errorMessage } from '../api/request';
import { jupyterPath } from '../services/paths';
import type { IMLOps } from '../tokens';
import { because, refuse } from './notify';

/**
 * Opens a notebook as it is now, or says why that cannot be.
 *
 * @param project - the notebook's path as the server part knows it.
 */
export async function openNotebook(
  { client, trans }: Pick<IMLOps, 'client' | 'trans'>,
  commands: JupyterFrontEnd['commands'],
  project: string
): Promise<void> {
  try {
    const path = jupyterPath(await client.status(), project);
    if (path === null) {
      throw new Error(trans.__('it lies outside of what Jupyter shows.'));
    }
    await commands.execute('docmanager:open', { path });
  } catch (reason) {
    const what = trans.__('%1 was not opened', PathExt.basename(project));
    refuse(because(trans, what, errorMessage(reason)));
  }
}
