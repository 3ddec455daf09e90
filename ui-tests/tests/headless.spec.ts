import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, labTest as test } from './fixtures';
import { FOLDER, type Lab } from './lab';
import { shoot } from './screenshots';
import { openSidebar, sections } from './sidebar';

test('headless runs stand in the sidebar, failed ones with their cell', async ({
  lab,
  page,
  request
}) => {
  const { runs, models } = sections(page);
  const dialog = page.getByRole('dialog');
  const tab = page.locator('.jp-MLOpsTab:visible');
  const rows = runs.getByRole('listitem');
  await openSidebar(page);
  await expect(runs).toContainText('Click Snapshot in any notebook');

  await test.step('a run appears without a reload', async () => {
    papermill(lab, '4');
    await expect(rows).toHaveCount(1);
    await expect(rows).toHaveAccessibleName(/grade clean, accuracy 0\.9/);
  });

  await test.step('the model that it kept can be registered', async () => {
    await rows.click();
    await tab.getByRole('button', { name: 'Register model' }).click();
    await dialog.getByLabel('Name').fill('headless');
    await dialog.getByRole('button', { name: 'Register' }).click();
    await expect(models.getByRole('listitem')).toContainText('v1');
  });

  await test.step('a failed run says at which cell and why', async () => {
    expect(() => papermill(lab, '-1')).toThrow();
    await expect(rows).toHaveCount(2);
    const failed = rows.filter({ hasText: 'failed at cell' });
    await failed.click();
    await expect(tab.getByRole('alert')).toContainText('max_depth');
    await shoot(page, 'light', 'run-failed');
  });

  // the newest is above the others
  const told = page.locator('.Toastify__toast', { hasText: '.ipynb' }).first();

  await test.step('from the toolbar, with another value', async () => {
    await page.getByRole('tab', { name: /File Browser/ }).click();
    await page
      .locator('.jp-DirListing-itemName', { hasText: 'train.ipynb' })
      .dblclick();
    await page.getByRole('button', { name: /^Run headless/ }).click();
    await expect(dialog).toContainText('Run train.ipynb Headless');
    const depth = dialog.getByLabel('max_depth');
    await expect(depth).toHaveValue('4');
    await depth.fill('deep');
    await shoot(page, 'light', 'headless-dialog');
    await expect(dialog.getByRole('button', { name: 'Run' })).toBeDisabled();
    await depth.fill('2');
    await depth.press('Enter');
    await expect(told).toContainText(/cell \d+ of \d+/);
    await expect(told).toContainText(/train\.ipynb ran in .* · accuracy 0\./, {
      timeout: 240_000
    });
    await told.getByRole('button', { name: 'Open' }).click();
    await expect(tab).toContainText('max_depth2');
    const title = page.locator('.jp-mod-current[title*="grade clean"]');
    await expect(title).toContainText(/train\.ipynb · \d/);
    await openSidebar(page);
    await expect(rows).toHaveCount(3);
  });

  await test.step('from the file browser, and cancelled', async () => {
    await page.theme.setDarkTheme();
    await page.setViewportSize({ width: 760, height: 800 });
    writeSlow(lab);
    await page.getByRole('tab', { name: /File Browser/ }).click();
    await page
      .locator('.jp-DirListing-item', { hasText: 'slow.ipynb' })
      .click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Run Headless…' }).click();
    await expect(dialog).toContainText('None: no cell');
    await shoot(page, 'dark', 'headless-dialog-narrow');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(told).toContainText('cell 1 of 1');
    await shoot(page, 'dark', 'headless-running');
    // another page, or this one loaded anew, follows it too
    await page.reload({ waitForIsReady: false });
    await expect(told).toContainText('cell 1 of 1');
    await told.getByRole('button', { name: 'Cancel' }).click();
    await expect(told).toContainText('slow.ipynb was stopped');
    await shoot(page, 'dark', 'headless-stopped');
    await openSidebar(page);
    await expect(rows.first()).toHaveAccessibleName(/slow\.ipynb, stopped/);
  });

  await test.step('stopped in its own tab, and in its row’s menu', async () => {
    for (const place of ['tab', 'menu']) {
      const path = `${FOLDER}/slow.ipynb`;
      await request.post('/api/mlops/headless-runs', {
        data: { notebook_path: path }
      });
      const running = rows.filter({ hasText: 'running' });
      await expect(running).toHaveCount(1);
      await running.click();
      await expect(tab.getByRole('progressbar')).toBeVisible();
      await expect(tab).toContainText('cell 1 of 1');
      if (place === 'tab') {
        await shoot(page, 'dark', 'run-underway-narrow');
        await page.setViewportSize({ width: 1280, height: 800 });
        await page.theme.setLightTheme();
        await shoot(page, 'light', 'run-underway');
        await tab.getByRole('button', { name: 'Stop' }).click();
        await expect(
          tab.getByRole('button', { name: 'Stopping…' })
        ).toBeDisabled();
      } else {
        await running.click({ button: 'right' });
        await page.getByRole('menuitem', { name: 'Stop' }).click();
      }
      await expect(tab.getByText('■ stopped')).toBeVisible();
      await expect(tab.getByRole('progressbar')).toHaveCount(0);
      await expect(rows.first()).toHaveAccessibleName(/slow\.ipynb, stopped/);
    }
  });
});

function writeSlow({ root }: Lab): void {
  const path = join(root, FOLDER, 'train.ipynb');
  const notebook = JSON.parse(readFileSync(path, 'utf8'));
  const source = 'import time; time.sleep(600)';
  const cell = { cell_type: 'code', id: 'slow', source, metadata: {} };
  notebook.cells = [{ ...cell, outputs: [], execution_count: null }];
  const slow = join(root, FOLDER, 'slow.ipynb');
  writeFileSync(slow, JSON.stringify(notebook));
}

function papermill({ root }: Lab, maxDepth: string): void {
  const files = ['train.ipynb', 'out.ipynb'];
  const parameter = ['-p', 'max_depth', maxDepth];
  execFileSync(
    'papermill',
    [...files, '--engine', 'mlops', ...parameter, '--no-progress-bar'],
    { cwd: join(root, FOLDER), stdio: 'ignore' }
  );
}
