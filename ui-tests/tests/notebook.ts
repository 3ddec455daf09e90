import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, type IJupyterLabPageFixture } from '@jupyterlab/galata';

import { FOLDER, type Lab } from './lab';

export const PYTHON = {
  name: 'python3',
  display_name: 'Python 3',
  language: 'python'
};

export const R = { name: 'ir', display_name: 'R', language: 'R' };

/**
 * Writes a notebook of code into the example's folder and returns its path; the first cell has the parameters.
 */
export function writeNotebook(
  { root }: Lab,
  name: string,
  sources: string[],
  kernelspec: object = PYTHON
): string {
  const path = join(root, FOLDER, name);
  const content = {
    cells: sources.map((source, index) => ({
      cell_type: 'code',
      id: `cell${index}`,
      source,
      metadata: index === 0 ? { tags: ['parameters'] } : {},
      outputs: [],
      execution_count: null
    })),
    metadata: { kernelspec },
    nbformat: 4,
    nbformat_minor: 5
  };
  writeFileSync(path, JSON.stringify(content));
  return path;
}

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
