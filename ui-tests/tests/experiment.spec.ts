import { expect, galata, labTest as test } from './fixtures';
import { openNotebook, runAll } from './notebook';
import { shoot } from './screenshots';

const THEMES = '@jupyterlab/apputils-extension:themes';

for (const theme of ['light', 'dark'] as const) {
  test.describe(`beside a notebook, ${theme}`, () => {
    test.use({
      mockSettings: {
        ...galata.DEFAULT_SETTINGS,
        [THEMES]: {
          theme: theme === 'dark' ? 'JupyterLab Dark' : 'JupyterLab Light'
        }
      }
    });

    test('the grade follows what is run and edited', async ({ page }) => {
      const sidebar = page.locator('#jupyter-mlops-experiment');
      const grade = page.getByRole('region', { name: 'Grade', exact: true });

      await test.step('it says what it is for', async () => {
        await page.getByRole('tab', { name: 'Experiment' }).click();
        await expect(sidebar).toContainText('Open a notebook');
        await expect(grade).toBeHidden();
        await shoot(page, theme, 'experiment-empty');
      });

      await test.step('a run from top to bottom is clean', async () => {
        await openNotebook(page, 'train.ipynb');
        await expect(sidebar.getByRole('heading', { level: 2 })).toHaveText(
          'train.ipynb'
        );
        await expect(grade.getByRole('img')).toHaveAccessibleName(
          'Grade: unknown'
        );
        // with both sidebars there is room for it, whatever we add to the toolbar
        await expect(
          page.locator('.jp-NotebookPanel-toolbar .jp-Toolbar-kernelName')
        ).toBeVisible();
        await runAll(page);
        await expect(grade.getByRole('img')).toHaveAccessibleName(
          'Grade: clean'
        );
        await shoot(page, theme, 'experiment-clean');
      });

      await test.step('what it found stands beside it', async () => {
        const beside = (name: string) =>
          sidebar.getByRole('region', { name, exact: true });
        const results = beside('Results found');
        const metrics = results.getByRole('listitem');
        await expect(beside('Parameters of the notebook')).toContainText(
          'max_depth4'
        );
        await expect(metrics).toHaveText([/accuracy/, /f1/, /roc_auc/]);
        await results.getByRole('button', { name: 'Pin roc_auc' }).click();
        await expect(metrics).toHaveText([/roc_auc/, /accuracy/, /f1/]);
        await page
          .getByRole('button', { name: 'Snapshot', exact: true })
          .click();
        const told = page.locator('.Toastify__toast');
        await expect(told).toContainText('Snapshot saved · roc_auc 0.');
        await told.getByRole('button', { name: 'Hide notification' }).click();
        await expect(told).toHaveCount(0);
        await expect(metrics).toHaveText([/roc_auc/, /accuracy/, /f1/]);
        await shoot(page, theme, 'experiment-found');

        await beside('Models alive')
          .getByRole('button', { name: 'Register model…' })
          .click();
        const dialog = page.getByRole('dialog');
        await expect(dialog.getByRole('radio')).toBeChecked();
        await expect(dialog).toContainText('RandomForestClassifier');
        await dialog.getByRole('button', { name: 'Cancel' }).click();

        await page
          .getByRole('button', { name: 'Show the runs of the experiment' })
          .click();
        const runs = page.locator('#jupyter-mlops-sidebar');
        await expect(
          runs.getByRole('combobox', { name: 'Experiment' })
        ).toHaveValue('0');
        await expect(runs.getByRole('listitem')).toHaveCount(1);
        await shoot(page, theme, 'experiment-runs');
        await page.getByRole('tab', { name: /File Browser/ }).click();
      });

      await test.step('an edit that is not saved makes it stale', async () => {
        const index = await page.notebook.getCellCount().then(all => all - 1);
        await page.notebook.addCell('code', 'late = accuracy');
        await page.notebook.setCell(index, 'code', 'accuracy = 1.0');
        await expect(grade.getByRole('img')).toHaveAccessibleName(
          'Grade: stale'
        );
        await page.notebook.selectCells(0);
        await grade.getByRole('button', { name: /was edited/ }).click();
        const marked = page.locator('.jp-MLOpsMarkedCell');
        await expect(marked).toHaveCount(1);
        await expect(marked).toBeInViewport();
        await expect(marked).toHaveClass(/jp-mod-active/);
        await shoot(page, theme, 'experiment-stale');
      });

      await test.step('a snapshot of it offers what to do', async () => {
        const status = page.getByRole('button', {
          name: 'Experiment train.ipynb: grade stale'
        });
        await expect(status).toBeVisible();
        await page
          .getByRole('button', { name: 'Snapshot', exact: true })
          .click();
        const told = page.locator('.Toastify__toast');
        await expect(told).toContainText('grade stale');
        await expect(told.getByRole('button')).toHaveCount(5); // and one to close it
        await told.hover(); // so that it stays
        await shoot(page, theme, 'experiment-told');
        await told.getByRole('button', { name: 'Show' }).click();
        await expect(page.locator('.jp-MLOpsMarkedCell')).toHaveCount(2);
        await shoot(page, theme, 'experiment-offer');
      });

      await test.step('its run is shown in the order it ran', async () => {
        const tab = page.locator('.jp-MLOpsTab:visible');
        // a notification goes when one of its buttons was pressed
        await page
          .getByRole('button', { name: 'Snapshot', exact: true })
          .click();
        await page
          .locator('.Toastify__toast')
          .getByRole('button', { name: 'Open', exact: true })
          .click();
        await tab.getByRole('tab', { name: 'Notebook', exact: true }).click();
        const order = tab.getByRole('checkbox', { name: /order it ran/ });
        await expect(order).toBeChecked();
        await expect(tab.getByRole('tabpanel')).not.toContainText('late =');
        await shoot(page, theme, 'run-order');
        await order.uncheck();
        await expect(tab.getByRole('tabpanel')).toContainText('late =');
        await tab
          .getByRole('tab', { name: 'Environment', exact: true })
          .click();
        await expect(tab.getByRole('region', { name: 'Seeds' })).toBeVisible();
        await expect(
          tab.getByRole('button', { name: 'Download lock file' })
        ).toBeVisible();
        await shoot(page, theme, 'run-seeds');
        await page.setViewportSize({ width: 1000, height: 800 });
        for (const part of ['Overview', 'Data', 'Code']) {
          await tab.getByRole('tab', { name: part, exact: true }).click();
          await shoot(page, theme, `run-narrow-${part.toLowerCase()}`);
        }
        await page.setViewportSize({ width: 1280, height: 800 });
        // Galata's activate takes the run's tab, whose name begins with the notebook's
        await page
          .getByRole('main')
          .getByRole('tab', { name: 'train.ipynb', exact: true })
          .click();
        await expect(tab).toHaveCount(0);
      });

      await test.step('a clean run makes it clean', async () => {
        await grade.getByRole('button', { name: 'Run clean' }).click();
        const dialog = page.getByRole('dialog');
        await expect(dialog).toContainText('all variables are lost');
        await shoot(page, theme, 'experiment-run-clean');
        await dialog.getByRole('button', { name: 'Run clean' }).click();
        await expect(
          page.locator('.Toastify__toast').filter({ hasText: 'grade clean' })
        ).toBeVisible({ timeout: 240_000 });
        await expect(grade.getByRole('img')).toHaveAccessibleName(
          'Grade: clean'
        );
        await expect(page.locator('.jp-MLOpsMarkedCell')).toHaveCount(0);
      });

      await test.step('a cell that ran too early is named', async () => {
        const index = await page.notebook.getCellCount();
        for (const text of ['late = max_depth', 'max_depth = 7']) {
          expect(await page.notebook.addCell('code', text)).toBe(true);
        }
        for (const cell of [index + 1, index]) {
          expect(await page.notebook.runCell(cell, true)).toBe(true);
        }
        await expect(grade.getByRole('img')).toHaveAccessibleName(
          'Grade: stale'
        );
        const reason = grade.getByRole('button', {
          name: `Cell ${index + 1} used max_depth as cell ${index + 2} had left it`
        });
        await page.notebook.selectCells(0);
        await reason.click();
        await expect(page.locator('.jp-MLOpsMarkedCell')).toHaveCount(1);
        await expect(page.locator('.jp-MLOpsMarkedCell')).toBeInViewport();
      });

      await test.step('so is a value of a cell that is gone', async () => {
        const index = await page.notebook.getCellCount();
        expect(await page.notebook.selectCells(index - 1)).toBe(true);
        await page.keyboard.press('Escape');
        await page.keyboard.press('d');
        await page.keyboard.press('d');
        await expect(
          grade.getByRole('button', {
            name: 'max_depth comes from a cell that was deleted'
          })
        ).toBeVisible();
        await shoot(page, theme, 'experiment-deleted');
      });

      await test.step('and a cell that failed', async () => {
        const index = await page.notebook.getCellCount();
        for (const text of ['ok = 1\n1 / 0', 'print(ok)']) {
          expect(await page.notebook.addCell('code', text)).toBe(true);
        }
        await page.notebook.runCell(index, true);
        await page.notebook.runCell(index + 1, true);
        const failed = grade.getByRole('button', {
          name: `Cell ${index + 1} failed`
        });
        await page.notebook.selectCells(0);
        await failed.press('Enter');
        await expect(page.locator('.jp-MLOpsMarkedCell')).toBeInViewport();
        await shoot(page, theme, 'experiment-failed');
      });

      await test.step('after a restart a clean run is offered', async () => {
        const dialog = page.getByRole('dialog');
        await page.evaluate(() => {
          void window.jupyterapp.commands.execute('notebook:restart-kernel');
        });
        await dialog
          .getByRole('button', { name: 'Confirm Kernel Restart' })
          .click();
        await expect(grade.getByRole('img')).toHaveAccessibleName(
          'Grade: unknown'
        );
        await expect(grade).toContainText('has run no cell since it started');
        await page
          .getByRole('button', { name: 'Snapshot', exact: true })
          .click();
        const told = page.locator('.Toastify__toast', {
          hasText: 'has run no cell'
        });
        await expect(told).toContainText('grade unknown');
        await told.hover(); // so that it stays
        await shoot(page, theme, 'experiment-restarted');
        await told.getByRole('button', { name: 'Run clean' }).click();
        await expect(dialog).toContainText('Run train.ipynb Clean?');
        await dialog.getByRole('button', { name: 'Cancel' }).click();
      });

      await test.step('without a kernel nothing is known', async () => {
        await page.evaluate(() =>
          window.jupyterapp.commands.execute('kernelmenu:shutdown')
        );
        await expect(grade.getByRole('img')).toHaveAccessibleName(
          'Grade: unknown'
        );
        await expect(grade).toContainText('No running kernel can tell');
        await expect(
          grade.getByRole('button', { name: 'Run clean' })
        ).toHaveCount(0);
        await shoot(page, theme, 'experiment-no-kernel');
      });
    });
  });
}
