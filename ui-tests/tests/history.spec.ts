import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

import { expect, galata, labTest as test } from './fixtures';
import { FOLDER } from './lab';
import { activateNotebook, openNotebook, runAll } from './notebook';
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
      const sidebar = page.locator('#jupyter-mlops-experiment');
      const timeline = page.getByRole('region', {
        name: 'Timeline',
        exact: true
      });
      const rows = timeline.locator('[data-snapshot-id]');
      const dialog = page.getByRole('dialog');
      const undo = (what: string) =>
        page
          .locator('.Toastify__toast', { hasText: what })
          .getByRole('button', { name: 'Undo' })
          .click();

      await test.step('an empty timeline teaches the next step', async () => {
        await openNotebook(page, 'train.ipynb');
        await page.getByRole('tab', { name: 'Experiment' }).click();
        await expect(timeline).toContainText('No snapshots of this notebook');
        await shoot(page, theme, 'timeline-empty');
      });

      await test.step('a whole run takes one by itself, once', async () => {
        await runAll(page);
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
        await runAll(page);
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
        await undo('Note saved');
        await expect(rows.first()).not.toHaveAccessibleName(/tagged/);
        // as the context-menu key opens it
        await rows.first().focus();
        await page.keyboard.press('ContextMenu');
        await page.keyboard.press('ArrowUp');
        await expect(
          page.getByRole('menuitem', { name: 'Edit Note and Tags…' })
        ).toBeVisible();
        await page
          .getByRole('menuitem', { name: 'Edit Note and Tags…' })
          .click();
        // only then the dialog leaves the focus where the text goes
        await expect(
          dialog.getByRole('textbox', { name: /^Note/ })
        ).toBeFocused();
        await dialog.getByRole('textbox', { name: /^Tags/ }).fill('paper');
        await dialog.getByRole('textbox', { name: /^Tags/ }).press('Enter');
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
        const find = timeline.getByRole('searchbox', { name: /^Find/ });
        await find.fill('paper');
        await expect(rows).toHaveCount(1);
        await shoot(page, theme, 'timeline-found');
        await timeline.getByLabel('Show').selectOption('Grade stale');
        await expect(timeline).toContainText('No snapshot of this notebook');
        await timeline.getByLabel('Show').selectOption('All snapshots');
        await find.fill('');
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
        await activateNotebook(page, 'train.ipynb');
        await rows.nth(1).focus();
        await page.keyboard.press('Escape');
        await expect(timeline.getByText('2 selected')).toHaveCount(0);
        await page.keyboard.press('Delete');
        await expect(dialog).toContainText('Delete the Snapshot?');
        await dialog.getByRole('button', { name: 'Delete' }).click();
        await expect(rows).toHaveCount(2);
        await undo('Snapshot deleted');
        await expect(rows).toHaveCount(3);
        await rows.first().focus();
        await page.keyboard.press('Space');
        await page.keyboard.press('Shift+ArrowDown');
        await rows.first().click({ button: 'right' });
        await expect(
          page.getByRole('menuitem', { name: 'Compare Runs' })
        ).toBeVisible();
        await page.keyboard.press('Escape');
        await rows.first().focus();
        await page.keyboard.press('Delete');
        await expect(dialog).toContainText('Delete 2 Snapshots?');
        await shoot(page, theme, 'timeline-delete');
        await page.keyboard.press('Enter');
        await expect(rows).toHaveCount(1);
        await undo('2 snapshots deleted');
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

      await test.step('and so does one that is deleted', async () => {
        await page.contents.deleteFile(`${FOLDER}/나무.ipynb`);
        const tab = page.locator('.jp-MLOpsTab:visible');
        await tab.locator('[data-snapshot-id]').nth(1).click();
        await expect(tab.getByRole('tab', { name: 'History' })).toBeVisible();
        await tab.getByRole('tab', { name: 'History' }).click();
        await expect(tab.locator('[data-snapshot-id]')).toHaveCount(3);
        await expect(tab.locator('[aria-current]')).toHaveCount(1);
        await expect(
          tab.getByRole('button', { name: 'Restore' })
        ).toBeEnabled();
        await shoot(page, theme, 'history-deleted');
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
