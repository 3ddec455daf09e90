import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

/**
 * The sections of the sidebar.
 */
export function sections(page: IJupyterLabPageFixture): {
  runs: Locator;
  models: Locator;
  deployments: Locator;
} {
  const region = (name: string) =>
    page.getByRole('region', { name, exact: true });
  return {
    runs: region('Runs'),
    models: region('Models'),
    deployments: region('Deployments')
  };
}

/**
 * Opens the sidebar, or closes it if it is open.
 */
export async function openSidebar(page: IJupyterLabPageFixture): Promise<void> {
  await page.getByRole('tab', { name: 'MLOps', exact: true }).click();
}
