import { expect, labTest as test } from './fixtures';
import { openNotebook, R, runAll, writeNotebook } from './notebook';
import { shoot } from './screenshots';

const CELLS = [
  'rows <- 40',
  'data <- head(read.csv("breast_cancer.csv"), rows)\nsummary(data[[1]])',
  'plot(data[[1]], data[[2]])',
  'share <- mean(data[[1]] > 14)\nshare'
];

test('a notebook in R is graded, kept, compared and run clean', async ({
  lab,
  page
}) => {
  writeNotebook(lab, 'r.ipynb', CELLS, R);
  const sidebar = page.locator('#jupyter-mlops-experiment');
  const grade = page.getByRole('region', { name: 'Grade', exact: true });
  const tab = page.locator('.jp-MLOpsTab:visible');
  const told = page.locator('.Toastify__toast');
  const all = async (name: string): Promise<void> => {
    await shoot(page, 'light', name);
    await page.theme.setDarkTheme();
    await shoot(page, 'dark', name);
    await page.theme.setLightTheme();
  };

  await test.step('from top to bottom it is clean', async () => {
    await openNotebook(page, 'r.ipynb');
    await page.getByRole('tab', { name: 'Experiment' }).click();
    await runAll(page);
    await expect(grade.getByRole('img')).toHaveAccessibleName('Grade: clean');
    await expect(sidebar).toContainText('breast_cancer.csv');
    await all('r-clean');
    await page.getByRole('button', { name: 'Snapshot', exact: true }).click();
    await expect(told).toContainText('Snapshot saved');
  });

  await test.step('an edit makes it stale, and a clean run clean', async () => {
    await page.notebook.setCell(0, 'code', 'rows <- 80');
    await expect(grade.getByRole('img')).toHaveAccessibleName('Grade: stale');
    await all('r-stale');
    await grade.getByRole('button', { name: 'Run clean' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'Run clean' })
      .click();
    const saved = told.filter({ hasText: 'share 0.5125 · grade clean' });
    await expect(saved).toBeVisible({ timeout: 240_000 });
    await saved.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(grade.getByRole('img')).toHaveAccessibleName('Grade: clean');
  });

  await test.step('its run shows its cells, figure, data and session', async () => {
    for (const part of ['Overview', 'Notebook', 'Data', 'Environment']) {
      await tab.getByRole('tab', { name: part, exact: true }).click();
      await all(`r-run-${part.toLowerCase()}`);
    }
  });

  await test.step('its snapshots are compared', async () => {
    await page
      .getByRole('main')
      .getByRole('tab', { name: 'r.ipynb', exact: true })
      .click();
    const rows = page.locator('[data-snapshot-id]');
    await expect(rows).toHaveCount(2);
    await rows.first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await all('r-timeline');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(tab).toContainText('rows');
    await all('r-compare');
    await tab.getByRole('tab', { name: /^Cells/ }).click();
    await expect(tab.locator('.cm-editor').first()).toBeVisible();
    await all('r-compare-cells');
    await tab.getByRole('tab', { name: /^Figures/ }).click();
    await expect(tab.locator('img').first()).toBeVisible();
    await all('r-compare-figures');
  });
});
