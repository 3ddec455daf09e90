import { expect, type IJupyterLabPageFixture } from '@jupyterlab/galata';

/**
 * Opens a notebook of the folder that is shown.
 */
export async function openNotebook(
  page: IJupyterLabPageFixture,
  name: string
): Promise<void> {
  await page.locator('.jp-DirListing-itemName', { hasText: name }).dblclick();
  await activateNotebook(page, name);
}

/**
 * Brings a notebook to the front; Galata's looks only once whether it is there.
 */
export async function activateNotebook(
  page: IJupyterLabPageFixture,
  name: string
): Promise<void> {
  await page.getByRole('main').getByRole('tab', { name, exact: true }).click();
  await notebookInFront(page, name);
}

/**
 * Waits until a notebook is in front, and its kernel has started.
 */
export async function notebookInFront(
  page: IJupyterLabPageFixture,
  name: string
): Promise<void> {
  await page.waitForFunction(
    label => window.jupyterapp.shell.currentWidget?.title.label === label,
    name
  );
  await page.evaluate(
    () => (window.jupyterapp.shell.currentWidget as any).sessionContext.ready
  );
}

/**
 * Runs the notebook in front from top to bottom.
 */
export async function runAll(page: IJupyterLabPageFixture): Promise<void> {
  expect(await page.notebook.run()).toBe(true);
}
