import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, labTest as test } from './fixtures';
import { FOLDER, type Lab } from './lab';
import { shoot } from './screenshots';
import { openSidebar, sections } from './sidebar';

test('headless runs stand in the sidebar, failed ones with their cell', async ({
  lab,
  page
}) => {
  test.setTimeout(180_000);
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
});

function papermill({ root }: Lab, maxDepth: string): void {
  const files = ['train.ipynb', 'out.ipynb'];
  const parameter = ['-p', 'max_depth', maxDepth];
  execFileSync(
    'papermill',
    [...files, '--engine', 'mlops', ...parameter, '--no-progress-bar'],
    { cwd: join(root, FOLDER), stdio: 'ignore' }
  );
}
