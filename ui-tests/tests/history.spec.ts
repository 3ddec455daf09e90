import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

import { expect, galata, labTest as test } from './fixtures';
import { shoot } from './screenshots';

const THEMES = '@jupyterlab/apputils-extension:themes';

for (const theme of ['light', 'dark'] as const) {
  test.describe(`the history of a notebook, ${theme}`, () => {
    test.use({
      mockSettings: {
        ...galata.DEFAULT_SETTINGS,
        [THEMES]: {
          theme: theme === 'dark' ? 'JupyterLab Dark' : 'JupyterLab Light'
        },
        'jupyter-mlops:plugin': { automaticSnapshots: 'run-all' }
      }
    });

    test('snapshots are taken, marked, found, deleted and moved', async ({
      page
    }) => {
      test.setTimeout(240_000);
      const sidebar = page.locator('#jupyter-mlops-experiment');
      const timeline = page.getByRole('region', {
        name: 'Timeline',
        exact: true
      });
      const rows = timeline.locator('[data-snapshot-id]');
      const dialog = page.getByRole('dialog');

      await test.step('an empty timeline teaches the next step', async () => {
        await page
          .locator('.jp-DirListing-itemName', { hasText: 'train.ipynb' })
          .dblclick();
        await page.notebook.activate('train.ipynb');
        await page.getByRole('tab', { name: 'Experiment' }).click();
        await expect(timeline).toContainText('No snapshots of this notebook');
        await shoot(page, theme, 'timeline-empty');
      });

      await test.step('a whole run takes one by itself, once', async () => {
        await page.notebook.run();
        await expect(rows).toHaveCount(1);
        await expect(rows.first()).toHaveAccessibleName(
          /grade clean, accuracy 0\.\d+, after a whole run, by /
        );
        await expect(rows.first().locator('img')).toBeVisible();
        await expect(
          page.locator('.jp-toast-message, .Toastify__toast')
        ).toHaveCount(0);
      });

      await test.step('by hand, with another result', async () => {
        await setDepth(page, 1);
        await page.notebook.run();
        await expect(rows).toHaveCount(2);
        await page
          .getByRole('button', { name: 'Snapshot', exact: true })
          .click();
        await expect(rows).toHaveCount(3);
        await expect(rows.first()).toHaveAccessibleName(/by hand/);
        await expect(rows.nth(1)).toHaveAccessibleName(/(up|down) 0\.\d+/);
        await shoot(page, theme, 'timeline');
      });

      await test.step('a pin, a note and tags', async () => {
        await rows.nth(2).hover();
        await rows.nth(2).getByRole('button', { name: 'Pin' }).click();
        await expect(rows.nth(2)).toHaveAccessibleName(/pinned/);
        await rows.first().click({ button: 'right' });
        await shoot(page, theme, 'timeline-menu');
        await page
          .getByRole('menuitem', { name: 'Edit Note and Tags…' })
          .click();
        await dialog
          .getByRole('textbox', { name: /^Note/ })
          .fill('얕은 나무\nfor the paper');
        await dialog
          .getByRole('textbox', { name: /^Tags/ })
          .fill('paper, depth');
        await shoot(page, theme, 'timeline-note');
        await dialog.getByRole('button', { name: 'Save' }).click();
        await expect(rows.first()).toHaveAccessibleName(
          /tagged depth, tagged paper, 얕은 나무/
        );
        await timeline.getByLabel('Show').selectOption('Tagged paper');
        await expect(rows).toHaveCount(1);
        await timeline.getByLabel('Show').selectOption('Pinned');
        await expect(rows).toHaveCount(1);
        await timeline
          .getByLabel('Show')
          .selectOption('Without automatic ones');
        await expect(rows).toHaveCount(1);
        await timeline.getByLabel('Show').selectOption('All snapshots');
        await expect(rows).toHaveCount(3);
        await timeline.getByLabel('Metric').selectOption('f1');
        await expect(rows.first()).toHaveAccessibleName(/f1 0\.\d+/);
      });

      await test.step('by keys: move, choose, compare', async () => {
        await rows.first().focus();
        await page.keyboard.press('ArrowDown');
        await expect(rows.nth(1)).toBeFocused();
        await page.keyboard.press('End');
        await expect(rows.nth(2)).toBeFocused();
        await page.keyboard.press('Space');
        await page.keyboard.press('Shift+ArrowUp');
        await expect(timeline.getByText('2 selected')).toBeVisible();
        await shoot(page, theme, 'timeline-selected');
        await timeline
          .getByRole('button', { name: 'Compare', exact: true })
          .click();
        await expect(page.locator('.jp-MLOpsTab:visible')).toContainText(
          'max_depth'
        );
        await page.keyboard.press('Escape');
      });

      await test.step('Enter opens the run, whose History has them too', async () => {
        await rows.nth(1).focus();
        await page.keyboard.press('Enter');
        const tab = page.locator('.jp-MLOpsTab:visible');
        await tab.getByRole('tab', { name: 'History' }).click();
        await expect(tab.locator('[data-snapshot-id]')).toHaveCount(3);
        await expect(tab.locator('[aria-current]')).toHaveCount(1);
        await shoot(page, theme, 'run-history');
      });

      await test.step('deleting asks, and can be undone', async () => {
        await page.notebook.activate('train.ipynb');
        await rows.nth(1).focus();
        await page.keyboard.press('Delete');
        await expect(dialog).toContainText('Delete the Snapshot?');
        await dialog.getByRole('button', { name: 'Delete' }).click();
        await expect(rows).toHaveCount(2);
        await page.getByRole('button', { name: 'Undo' }).last().click();
        await expect(rows).toHaveCount(3);
      });

      await test.step('a renamed notebook keeps them', async () => {
        await page
          .locator('.jp-DirListing-itemName', { hasText: 'train.ipynb' })
          .click();
        await page.keyboard.press('F2');
        await page.locator('.jp-DirListing-editor').fill('나무.ipynb');
        await page.keyboard.press('Enter');
        await expect(sidebar.getByRole('heading', { level: 2 })).toHaveText(
          '나무.ipynb'
        );
        await expect(rows).toHaveCount(3);
        await page
          .locator('.jp-DirListing-item', { hasText: '나무.ipynb' })
          .click({ button: 'right' });
        await page
          .getByRole('menuitem', { name: 'Snapshots of This Notebook' })
          .click();
        const tab = page.locator('.jp-MLOpsTab:visible');
        await expect(tab.locator('[data-snapshot-id]')).toHaveCount(3);
        await shoot(page, theme, 'history-tab');
      });
    });
  });
}

async function setDepth(
  page: IJupyterLabPageFixture,
  depth: number
): Promise<void> {
  await page.notebook.setCell(
    3,
    'code',
    `max_depth = ${depth}\nn_estimators = 1\ntest_size = 0.25\nseed = 0`
  );
}
