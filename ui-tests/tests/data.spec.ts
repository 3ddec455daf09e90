import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, galata, labTest as test } from './fixtures';
import { FOLDER } from './lab';
import { openNotebook, runAll } from './notebook';
import { shoot } from './screenshots';
import { openSidebar, sections } from './sidebar';

// a program of which nobody knows what it opens, and more seeds than are listed
const UNSEEN = `!make --quiet
import numpy as np
for seed in range(20): np.random.seed(seed)`;
const THEMES = '@jupyterlab/apputils-extension:themes';

for (const theme of ['light', 'dark'] as const) {
  test.describe(`data of a notebook, ${theme}`, () => {
    test.use({
      mockSettings: {
        ...galata.DEFAULT_SETTINGS,
        [THEMES]: {
          theme: theme === 'dark' ? 'JupyterLab Dark' : 'JupyterLab Light'
        }
      }
    });

    test('is found, marked, compared and profiled', async ({ lab, page }) => {
      const data = page.getByRole('region', { name: 'Data', exact: true });
      const badges = page.locator('.jp-MLOpsBadge');
      const tab = page.locator('.jp-MLOpsTab:visible');

      await test.step('nothing is used yet', async () => {
        await openNotebook(page, 'train.ipynb');
        await page.getByRole('tab', { name: 'Experiment' }).click();
        await expect(data).toContainText('No data yet');
        await expect(badges).toHaveCount(0);
        await shoot(page, theme, 'data-empty');
      });

      await test.step('what a cell reads stands in the sidebar and at the cell', async () => {
        await runAll(page);
        const read = data.getByRole('list', { name: 'Read' });
        await expect(read.getByRole('listitem')).toHaveCount(1);
        await expect(read).toContainText('breast_cancer.csv');
        await expect(read).toContainText('pandas');
        await expect(badges).toHaveCount(1);
        await expect(badges).toHaveAccessibleName(
          `Reads ${FOLDER}/breast_cancer.csv`
        );
        await shoot(page, theme, 'data-read');
      });

      await test.step('the sidebar leads to the cell', async () => {
        await page.notebook.selectCells(0);
        await data.getByRole('button', { name: /breast_cancer/ }).click();
        const marked = page.locator('.jp-MLOpsMarkedCell');
        await expect(marked.locator('.jp-MLOpsBadge')).toBeInViewport();
        await shoot(page, theme, 'data-cell');
      });

      await test.step('it is compared with the last snapshot', async () => {
        await page
          .getByRole('button', { name: 'Snapshot', exact: true })
          .click();
        await expect(data).toContainText('As in the last snapshot');
        appendFileSync(join(lab.root, FOLDER, 'breast_cancer.csv'), '\n');
        await page.notebook.runCell(1);
        await expect(data).toContainText('changed');
        await shoot(page, theme, 'data-changed');
      });

      await test.step('what could not be seen is named with its cell', async () => {
        const unseen = data.getByRole('list', { name: 'Not seen' });
        await expect(unseen).toHaveCount(0);
        await page.notebook.addCell('code', UNSEEN);
        await page.notebook.runCell((await page.notebook.getCellCount()) - 1);
        await expect(unseen).toContainText('make');
        await expect(unseen).toContainText('may have opened more');
        await shoot(page, theme, 'data-unseen');
        await page
          .getByRole('button', { name: 'Snapshot', exact: true })
          .click();
        await expect(data).toContainText('As in the last snapshot');
      });

      await test.step('the tab of the run tells what the table holds', async () => {
        await openSidebar(page);
        await sections(page).runs.getByRole('listitem').first().click();
        await tab.getByRole('tab', { name: 'Data', exact: true }).click();
        const row = tab.getByRole('row').filter({ hasText: 'breast_cancer' });
        await expect(row).toContainText('pandas [');
        await row
          .getByRole('button', {
            name: `${FOLDER}/breast_cancer.csv`,
            exact: true
          })
          .press('Enter');
        const profile = tab.getByRole('region', { name: /Profile of/ });
        await expect(profile).toContainText('569 rows');
        await expect(profile.getByRole('row')).toHaveCount(32);
        await shoot(page, theme, 'data-profile');
      });

      await test.step('it also tells what was not seen, and all seeds', async () => {
        await tab.getByRole('tab', { name: 'Overview', exact: true }).click();
        await expect(tab).toContainText(/Cell \d+ started make: /);
        await tab
          .getByRole('tab', { name: 'Environment', exact: true })
          .click();
        const seeds = tab.getByRole('region', { name: 'Seeds' });
        await expect(seeds).toContainText('0, 1, 2 … 19 (20 values)');
        await expect(seeds).toContainText(/Cell \d+/);
        await shoot(page, theme, 'data-seeds');
      });

      await test.step('it fits a narrow tab', async () => {
        await page.setViewportSize({ width: 700, height: 800 });
        await shoot(page, theme, 'data-narrow');
      });
    });
  });
}
