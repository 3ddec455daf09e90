import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, galata, labTest as test } from './fixtures';
import { FOLDER } from './lab';
import { openNotebook, runAll } from './notebook';
import { shoot } from './screenshots';
import { openSidebar } from './sidebar';

const THEME = '@jupyterlab/apputils-extension:themes';
const FILE = 'breast_cancer.csv';

// in the other theme only for the sake of pictures: it takes as long again
const THEMES = process.env.MLOPS_SCREENSHOTS
  ? (['light', 'dark'] as const)
  : (['light'] as const);

for (const theme of THEMES) {
  test.describe(`versions of a file, ${theme}`, () => {
    test.use({
      mockSettings: {
        ...galata.DEFAULT_SETTINGS,
        [THEME]: {
          theme: theme === 'dark' ? 'JupyterLab Dark' : 'JupyterLab Light'
        }
      }
    });

    test('are listed, compared, copied, put back and erased', async ({
      lab,
      page
    }) => {
      const file = join(lab.root, FOLDER, FILE);
      const first = readFileSync(file, 'utf8');
      const tab = page.locator('.jp-MLOpsTab:visible');
      const versions = tab.getByRole('table', { name: 'Versions' });
      const menuOf = async (name: string) => {
        await page
          .locator('.jp-DirListing-item', { hasText: name })
          .click({ button: 'right' });
        await page
          .getByRole('menuitem', { name: 'Versions of This File' })
          .click();
      };
      const choose = async (name: string) => {
        await page
          .locator('#jupyter-mlops-sidebar')
          .getByRole('toolbar')
          .getByRole('button', { name: 'More', exact: true })
          .click();
        await page.getByRole('menuitem', { name }).click();
      };
      const said = page.locator('.Toastify__toast');

      await test.step('a file that nothing used has none', async () => {
        await menuOf('README.md');
        await expect(tab).toContainText('No snapshot has read or written');
        await shoot(page, theme, 'versions-empty');
      });

      await test.step('each snapshot keeps what the file holds', async () => {
        await openNotebook(page, 'train.ipynb');
        for (const rows of [569, 560]) {
          writeFileSync(
            file,
            first
              .split('\n')
              .slice(0, rows + 1)
              .join('\n') + '\n'
          );
          await runAll(page);
          await page
            .getByRole('button', { name: 'Snapshot', exact: true })
            .click();
          await expect(said.filter({ hasText: 'Snapshot saved' })).toHaveCount(
            rows === 569 ? 1 : 2
          );
        }
        await menuOf(FILE);
        await expect(versions.getByRole('row')).toHaveCount(3);
        await expect(versions.getByRole('row').nth(1)).toContainText(
          'in the project'
        );
      });

      await test.step('two of them are compared', async () => {
        const diff = tab.getByRole('region', { name: 'What is different' });
        await expect(diff).toContainText('rows 569 → 560');
        await expect(diff).toContainText('0 new, 9 gone');
        const columns = diff.getByRole('table', { name: 'Columns' });
        await expect(columns.getByRole('row').nth(1)).toContainText('→');
        await shoot(page, theme, 'versions-diff');
      });

      await test.step('one tells who used it and what it holds', async () => {
        await versions
          .getByRole('button', { name: /^Version / })
          .last()
          .press('Enter');
        const uses = tab.getByRole('list', { name: 'Snapshots that used it' });
        await expect(uses.getByRole('listitem')).toHaveCount(1);
        await expect(uses).toContainText('train.ipynb');
        await expect(
          tab.getByRole('region', { name: /^Profile of version/ })
        ).toContainText('569 rows');
        await shoot(page, theme, 'versions-detail');
      });

      await test.step('a copy of it is written beside', async () => {
        await tab.getByRole('button', { name: 'Write a copy…' }).click();
        const dialog = page.getByRole('dialog');
        const path = dialog.getByRole('textbox', { name: /Path/ });
        await expect(path).toHaveValue(/breast_cancer-[0-9a-f]{8}\.csv$/);
        await path.fill(`${FOLDER}/copy of it.csv`);
        await shoot(page, theme, 'versions-copy');
        await dialog.getByRole('button', { name: 'Write' }).click();
        await expect(said.last()).toContainText('Written to');
        const copy = join(lab.root, FOLDER, 'copy of it.csv');
        expect(existsSync(copy) && readFileSync(copy, 'utf8')).toBe(first);
      });

      await test.step('it is put in place, and what was there is kept', async () => {
        writeFileSync(file, 'mine\n1\n');
        await tab.getByRole('button', { name: 'Put in place…' }).click();
        const dialog = page.getByRole('dialog');
        await expect(dialog).toContainText('is kept');
        await dialog.getByRole('button', { name: 'Replace' }).click();
        const done = said.filter({ hasText: 'what was there before' });
        await expect(done).toBeVisible();
        expect(readFileSync(file, 'utf8')).toBe(first);
        await expect(versions.getByRole('row').last()).toBeVisible();
        await shoot(page, theme, 'versions-replaced');
        await done.getByRole('button', { name: 'Undo' }).click();
        await expect.poll(() => readFileSync(file, 'utf8')).toBe('mine\n1\n');
      });

      await test.step('the list follows', async () => {
        await expect(
          tab.getByRole('button', { name: /^Version / })
        ).toHaveCount(3);
        await expect(tab.getByRole('status').first()).toContainText(
          'in the project is version'
        );
      });

      await test.step('a file that is gone is found among all data', async () => {
        unlinkSync(file);
        await openSidebar(page);
        await choose('Open Data');
        const all = tab.getByRole('table', { name: 'Data' });
        await expect(all.getByRole('row')).toHaveCount(2);
        await shoot(page, theme, 'data-all');
        await all.getByRole('button', { name: `${FOLDER}/${FILE}` }).click();
        await expect(tab.getByRole('status').first()).toContainText(
          'not there any more'
        );
      });

      await test.step('what would go by a rule is shown, and goes', async () => {
        await choose('Open Storage');
        const going = tab.getByRole('region', {
          name: 'What would be removed'
        });
        await expect(going.getByRole('textbox')).toHaveValue('off');
        await expect(going).toContainText('Nothing would be removed');
        await expect(tab).toContainText('Nothing was erased');
        await shoot(page, theme, 'storage-empty');
        await going.getByRole('textbox').fill('newest ten');
        await going.getByRole('textbox').press('Enter');
        await expect(going.getByRole('alert')).toContainText('newest 10, 90d');
        await shoot(page, theme, 'storage-wrong');
        await going.getByRole('textbox').fill('newest 1');
        await going.getByRole('textbox').press('Enter');
        await expect(going).toContainText('younger than a day');
      });

      await test.step('a version is erased, with a record', async () => {
        await page
          .getByRole('main')
          .getByRole('tab', { name: /Versions of breast_cancer/ })
          .click();
        await tab.getByRole('button', { name: 'Erase…' }).click();
        const dialog = page.getByRole('dialog');
        await expect(dialog).toContainText(`${FOLDER}/${FILE}`);
        await expect(dialog).toContainText('Not erased:');
        const erase = dialog.getByRole('button', { name: 'Erase' });
        await expect(erase).toBeDisabled();
        await dialog.getByRole('textbox').fill('asked by a patient');
        await shoot(page, theme, 'erase');
        await erase.click();
        const done = said.filter({ hasText: 'Erased 1 object' });
        await expect(done).toBeVisible();
        await expect(versions).toContainText('asked by a patient');
        await expect(
          tab.getByRole('region', { name: /^Profile of version/ })
        ).toHaveCount(0);
        await expect(
          tab.getByRole('button', { name: 'Write a copy…' })
        ).toHaveCount(0);
        await shoot(page, theme, 'erased');
        await page
          .getByRole('main')
          .getByRole('tab', { name: 'Storage' })
          .click();
        await expect(
          tab.getByRole('table', { name: 'Erasures' })
        ).toContainText('asked by a patient');
        await shoot(page, theme, 'storage-erased');
      });

      await test.step('they fit a narrow tab', async () => {
        await page.setViewportSize({ width: 640, height: 900 });
        await shoot(page, theme, 'storage-narrow');
        await page
          .getByRole('main')
          .getByRole('tab', { name: /^Ver.*cancer/ })
          .click();
        await shoot(page, theme, 'versions-narrow');
      });
    });
  });
}
