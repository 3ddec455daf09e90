import { resolve } from 'node:path';

import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

const FOLDER = process.env.MLOPS_SCREENSHOTS
  ? resolve(process.env.MLOPS_SCREENSHOTS)
  : resolve(__dirname, '../test-results/screenshots');

/**
 * Keeps a picture for people to look at. Nothing is compared: a picture that nobody looks at proves nothing.
 */
export async function shoot(
  page: IJupyterLabPageFixture,
  theme: string,
  name: string
): Promise<void> {
  await page.screenshot({ path: `${FOLDER}/${name}-${theme}.png` });
}
