import { execFileSync } from 'node:child_process';

import { expect, labTest as test } from './fixtures';
import { FOLDER } from './lab';
import { activateNotebook, openNotebook } from './notebook';
import { shoot } from './screenshots';

test.describe('many snapshots', () => {
  test('10,000 are scrolled through, of which few are drawn', async ({
    lab,
    page
  }) => {
    const tab = page.locator('.jp-MLOpsTab:visible');
    const rows = tab.locator('[data-snapshot-id]');
    const openHistory = async () => {
      await page
        .locator('.jp-DirListing-item', { hasText: 'train.ipynb' })
        .click({ button: 'right' });
      await page
        .getByRole('menuitem', { name: 'Snapshots of This Notebook' })
        .click();
    };

    await test.step('they are switched on in the settings', async () => {
      await page.evaluate(() =>
        window.jupyterapp.commands.execute('settingeditor:open', {
          query: 'MLOps'
        })
      );
      const editor = page.locator('.jp-SettingsPanel');
      const choice = editor.getByRole('combobox');
      await expect(choice).toHaveValue(/./);
      await shoot(page, 'light', 'automatic-settings');
      const saved = page.waitForResponse(
        answer =>
          answer.url().includes('jupyter-mlops') &&
          answer.request().method() === 'PUT'
      );
      await choice.selectOption('When you save a notebook');
      await saved;
    });

    await test.step('a save takes one, another save none', async () => {
      await openNotebook(page, 'train.ipynb');
      await page.notebook.setCell(0, 'markdown', '# Changed');
      for (let time = 0; time < 2; time++) {
        const answer = page.waitForResponse(/api\/mlops\/automatic-snapshots/);
        await page.keyboard.press('Control+s');
        const { id } = await (await answer).json();
        expect(id === null).toBe(time > 0);
      }
      await openHistory();
      await expect(rows).toHaveCount(1);
      await expect(rows.first()).toHaveAccessibleName(/on save/);
    });

    await test.step('a save of another document takes none', async () => {
      await activateNotebook(page, 'train.ipynb');
      await page.notebook.setCell(0, 'markdown', '# Not saved');
      let asked = 0;
      page.on('request', request => {
        asked += request.url().includes('automatic-snapshots') ? 1 : 0;
      });
      await page.evaluate(
        path =>
          window.jupyterapp.commands.execute('docmanager:open', {
            path,
            factory: 'Editor'
          }),
        `${FOLDER}/README.md`
      );
      const editor = page.locator('.jp-FileEditor .cm-content');
      await editor.click();
      await page.keyboard.type('Changed.');
      const saved = page.waitForResponse(
        answer =>
          answer.url().includes('README.md') &&
          answer.request().method() === 'PUT'
      );
      await page.keyboard.press('Control+s');
      await saved;
      await openHistory();
      await expect(rows).toHaveCount(1);
      expect(asked).toBe(0);
    });

    await test.step('many', async () => {
      multiply(lab.root, 10_000);
      await expect.poll(() => rows.count()).toBeGreaterThan(5);
      const grid = tab.getByRole('grid', { name: 'Snapshots' });
      for (let turn = 0; turn < 4; turn++) {
        const before = await grid.evaluate(node => node.scrollHeight);
        await grid.evaluate(node => {
          node.scrollTop = node.scrollHeight;
        });
        await expect
          .poll(() => grid.evaluate(node => node.scrollHeight))
          .toBeGreaterThan(before);
      }
      await expect.poll(() => rows.count()).toBeLessThan(50);
      await rows.last().focus();
      await page.keyboard.press('Home');
      await expect(rows.first()).toBeFocused();
      await page.setViewportSize({ width: 700, height: 800 });
      await shoot(page, 'light', 'history-many');
    });
  });
});

/**
 * Writes copies of the only snapshot into the store, as if years had passed.
 */
function multiply(root: string, count: number): void {
  const program = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1] + "/.mlops/mlops.db")
for table, ids in (("runs", ("run_id",)), ("snapshots", ("id", "run_id"))):
    cursor = database.execute(f"SELECT * FROM {table} WHERE {ids[0]} IN (SELECT {ids[0]} FROM snapshots)")
    names = [column[0] for column in cursor.description]
    row = dict(zip(names, cursor.fetchone()))
    marks = ",".join("?" * len(names))
    for number in range(1, int(sys.argv[2])):
        copy = row | {name: f"{number:05d}" + row[name][5:] for name in ids}
        if table == "snapshots":
            copy["created_at"] -= number * 60_000
        database.execute(f"INSERT INTO {table} VALUES ({marks})", [copy[name] for name in names])
database.commit()
`;
  execFileSync('python3', ['-c', program, root, `${count}`]);
}
