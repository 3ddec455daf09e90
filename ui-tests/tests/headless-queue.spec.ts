import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, labTest as test } from './fixtures';
import { FOLDER } from './lab';
import { writeNotebook } from './notebook';
import { shoot } from './screenshots';
import { openSidebar, sections } from './sidebar';

// an option with a list of its own: Playwright takes a bare one for value and options
test.use({ settings: [['--MLOpsApp.headless_limit=1'], { scope: 'test' }] });

const WAITS = [
  "depth = 3\npassword = ''",
  "import os, time\nwhile not os.path.exists(f'go-{depth}'):\n    time.sleep(0.05)",
  'score = depth / 10'
];

test('headless runs wait in the table for their turn', async ({
  lab,
  page
}) => {
  const { runs } = sections(page);
  const dialog = page.getByRole('dialog');
  const tab = page.locator('.jp-MLOpsTab:visible');
  const grid = tab.getByRole('grid', { name: 'Runs' });
  const rows = grid.locator('[data-run-id]');
  // a duration may have the same digits in it
  const withScore = (score: string) =>
    rows.filter({
      has: page.getByRole('gridcell', { name: score, exact: true })
    });
  const toasts = page.locator('.Toastify__toast');
  const go = (depth: number) =>
    writeFileSync(join(lab.root, FOLDER, `go-${depth}`), '');
  writeNotebook(lab, '느린 run.ipynb', WAITS);

  await test.step('three are begun, and one runs', async () => {
    for (const depth of [5, 6, 7]) {
      await page
        .locator('.jp-DirListing-item', { hasText: '느린 run.ipynb' })
        .click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Run Headless…' }).click();
      await dialog.getByLabel('depth').fill(`${depth}`);
      await dialog.getByLabel('password').fill(`secret-${depth}`);
      await dialog.getByRole('button', { name: 'Run', exact: true }).click();
      await expect(toasts).toHaveCount(depth - 4);
      // what begins gets its place in the list then
      await expect(toasts.filter({ hasText: 'cell 3 of 4' })).toHaveCount(1);
    }
    await expect(
      toasts.filter({ hasText: 'number 2 in the queue' })
    ).toHaveCount(1);
    await openSidebar(page);
    await expect(
      runs.getByRole('listitem', { name: /run\.ipynb, queued/ })
    ).toHaveCount(2);
    await page.getByRole('button', { name: 'Open Runs Table' }).click();
    await expect(rows).toHaveCount(3);
    await expect(rows.nth(0)).toHaveAccessibleName('느린 run.ipynb, queued');
    await expect(rows.nth(0)).toContainText('7');
    await expect(tab).not.toContainText('secret');
    await expect(rows.nth(2)).toHaveAccessibleName('느린 run.ipynb, running');
    await shoot(page, 'light', 'queue-table');
  });

  await test.step('those that wait are found by the filter', async () => {
    const filter = tab.getByRole('combobox', { name: 'Filter runs' });
    await filter.fill("attributes.status = 'SCHEDULED'");
    await filter.press('Enter');
    await expect(rows).toHaveCount(2);
    await filter.fill('');
    await filter.press('Enter');
    await expect(rows).toHaveCount(3);
  });

  await test.step('one is taken out by the keyboard alone', async () => {
    await grid.press('Home');
    await expect(tab.getByText('1 run selected')).toBeVisible();
    await page.theme.setDarkTheme();
    await shoot(page, 'dark', 'queue-table');
    await tab.getByRole('button', { name: 'Stop' }).press('Enter');
    await expect(rows.nth(0)).toHaveAccessibleName('느린 run.ipynb, stopped');
    await expect(
      toasts.filter({ hasText: 'stopped before its turn came' })
    ).toHaveCount(1);
    await expect(rows.nth(1)).toHaveAccessibleName('느린 run.ipynb, queued');
  });

  await test.step('its own tab says why, and where another is', async () => {
    await rows.nth(1).getByRole('button').click();
    await expect(tab).toContainText('number 1 in the queue');
    await expect(tab.getByRole('button', { name: 'Stop' })).toBeVisible();
    await shoot(page, 'dark', 'queue-run');
    await runs.getByRole('listitem', { name: /stopped/ }).click();
    await expect(tab.getByRole('alert')).toContainText(
      'It was stopped before its turn came.'
    );
    await page.theme.setLightTheme();
    await expect(tab).toContainText('None.');
    await shoot(page, 'light', 'queue-stopped');
    await page.sidebar.setWidth(200);
    await shoot(page, 'light', 'queue-narrow');
  });

  await test.step('the next one runs when its turn has come', async () => {
    await page.getByRole('tab', { name: 'Runs', exact: true }).click();
    go(5);
    await expect(
      grid.getByRole('row', { name: /run\.ipynb, grade/ })
    ).toHaveCount(1);
    await expect(withScore('0.5')).toHaveCount(1);
    await expect(
      grid.getByRole('row', { name: '느린 run.ipynb, running' })
    ).toHaveCount(1);
    go(6);
    await expect(withScore('0.6')).toHaveCount(1);
    await expect(withScore('0.7')).toHaveCount(0);
    await expect(toasts.filter({ hasText: 'score 0.6' })).toHaveCount(1);
  });
});
