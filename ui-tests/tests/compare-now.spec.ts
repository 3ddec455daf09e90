import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

import { expect, labTest as test } from './fixtures';
import { FOLDER } from './lab';
import { notebookInFront, openNotebook, runAll } from './notebook';
import { shoot } from './screenshots';
import { openSidebar, sections } from './sidebar';

// in the order of the example
const PARAMETERS = 3;

test('a snapshot is compared with its notebook as it is now', async ({
  lab,
  page
}) => {
  const tab = page.locator('.jp-MLOpsTab:visible');
  const table = tab.getByRole('table');
  const row = (name: string) =>
    table.getByRole('row').filter({ hasText: name });
  const status = tab.getByRole('status');
  const source = status.first();
  const notebook = join(lab.root, FOLDER, 'train.ipynb');
  const nowColumn = table.getByRole('columnheader').last();
  const clickNotebook = () =>
    nowColumn.getByRole('button', { name: 'train.ipynb' }).click();
  const showNotebook = async () => {
    await clickNotebook();
    await notebookInFront(page, 'train.ipynb');
  };

  await test.step('a snapshot is taken', async () => {
    await openNotebook(page, 'train.ipynb');
    await runAll(page);
    await page.getByRole('button', { name: 'Snapshot', exact: true }).click();
    const told = page.locator('.Toastify__toast');
    await expect(told).toContainText('Snapshot saved');
    await told.getByRole('button', { name: 'Hide notification' }).click();
    await openSidebar(page);
    await expect(sections(page).runs.getByRole('listitem')).toHaveCount(1);
  });

  await test.step('nothing has changed', async () => {
    await sections(page)
      .runs.getByRole('listitem')
      .first()
      .click({ button: 'right' });
    await page
      .getByRole('menuitem', { name: 'Compare with Notebook Now' })
      .click();
    await expect(tab.getByText(/^The results are the same/)).toBeVisible();
    await expect(nowColumn).toContainText('as it is now');
    await expect(
      page.getByRole('tab', { name: 'Compare train.ipynb' })
    ).toBeVisible();
    await shoot(page, 'light', 'compare-now-same');
  });

  await test.step('what is not saved is compared, and stays so', async () => {
    await showNotebook();
    const isSet = await page.notebook.setCell(
      PARAMETERS,
      'code',
      'max_depth = 2\nn_estimators = 100\ntest_size = 0.25\nseed = 0\n'
    );
    expect(isSet).toBe(true);
    await addTag(page, 0, 'paper');
    const path = join(lab.root, FOLDER, 'breast_cancer.csv');
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, [...lines.slice(0, 450), ''].join('\n'));
    await page.getByRole('tab', { name: 'Compare train.ipynb' }).click();
    await expect(tab.getByText(/Changed: max_depth 4 → 2/)).toBeVisible();
    await expect(source).toContainText('as the editor shows it');
    await expect(row('breast_cancer.csv')).toContainText('≠ changed');
    expect(readFileSync(notebook, 'utf8')).toContain('max_depth = 4');
    await shoot(page, 'light', 'compare-now-unsaved');
  });

  await test.step('its cells and figures stand beside those of then', async () => {
    await tab.getByRole('tab', { name: 'Cells' }).click();
    await expect(status.last()).toHaveText(
      '1 tags changed, 9 unchanged, 1 edited'
    );
    await expect(tab.locator('.jp-MLOpsCells-tags ins')).toHaveText('+ paper');
    await expect(
      tab.locator('.cm-mergeView .cm-changedText').last()
    ).toContainText('2');
    await shoot(page, 'light', 'compare-now-cells');
    await tab.getByRole('tab', { name: 'Figures' }).click();
    await expect(tab.getByRole('img')).toHaveCount(2);
    await tab.getByRole('tab', { name: 'Table' }).click();
  });

  await test.step('a whole run is there, also when it is saved', async () => {
    await showNotebook();
    await runAll(page);
    expect(await page.notebook.save()).toBe(true);
    await page.getByRole('tab', { name: 'Compare train.ipynb' }).click();
    await expect(source).toContainText('as it is on the disk.');
    await expect(row('accuracy').getByRole('cell').last()).toContainText(
      /[+−]0\.\d/
    );
    await page.theme.setDarkTheme();
    await page.waitForTimeout(300);
    await shoot(page, 'dark', 'compare-now-table');
    await tab.getByRole('tab', { name: 'Cells' }).click();
    await expect(tab.locator('.cm-changedText').last()).toBeVisible();
    await page.waitForTimeout(300);
    await shoot(page, 'dark', 'compare-now-cells');
    await page.setViewportSize({ width: 760, height: 800 });
    await tab.getByRole('tab', { name: 'Table' }).click();
    await page.waitForTimeout(300);
    await shoot(page, 'dark', 'compare-now-narrow');
  });

  await test.step('a notebook that is gone is said to be', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await showNotebook();
    expect(await page.notebook.close()).toBe(true);
    rmSync(notebook);
    await page.getByRole('tab', { name: 'Compare train.ipynb' }).click();
    await tab.getByRole('button', { name: 'Refresh' }).click();
    await expect(tab.getByRole('alert')).toContainText('There is no notebook');
    await expect(table).toBeVisible();
    await clickNotebook();
    await expect(
      page.locator('.Toastify__toast', { hasText: 'was not opened' })
    ).toBeVisible();
    await shoot(page, 'dark', 'compare-now-failed');
  });
});

/**
 * Tags a cell of the notebook in front, as the property inspector does.
 */
async function addTag(
  page: IJupyterLabPageFixture,
  index: number,
  tag: string
): Promise<void> {
  await page.evaluate(
    ([at, name]) => {
      const { content } = window.jupyterapp.shell.currentWidget as any;
      content.model.cells.get(at).setMetadata('tags', [name]);
    },
    [index, tag] as const
  );
}
