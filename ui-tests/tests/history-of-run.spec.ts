import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, labTest as test } from './fixtures';
import { FOLDER, type Lab } from './lab';
import { writeNotebook } from './notebook';
import { shoot } from './screenshots';

test('each snapshot of one run opens as it is', async ({
  lab,
  page,
  request
}) => {
  const tab = page.locator('.jp-MLOpsTab:visible');
  const rows = tab.locator('[data-snapshot-id]');
  const tabs = page.getByRole('main').getByRole('tab', { name: /^a\.ipynb ·/ });
  const parameters = tab.getByRole('region', { name: 'Parameters' });
  const expectSource = async (source: string) => {
    await tab.getByRole('tab', { name: 'Notebook' }).click();
    await expect(tab.locator('.jp-Cell').first()).toContainText(source);
  };
  const openHistory = () =>
    page.evaluate(
      path =>
        void window.jupyterapp.commands.execute('mlops:open-history', { path }),
      `${FOLDER}/a.ipynb`
    );
  const runId = snapTwice(lab);
  await openHistory();
  await expect(rows).toHaveCount(2);

  await test.step('from the timeline', async () => {
    await rows.nth(1).click();
    await expect(parameters).toContainText('depth4');
    await expect(tab.getByText('The run has a newer snapshot.')).toBeVisible();
    await expect(tab.getByText('after a whole run')).toBeVisible();
    await shoot(page, 'light', 'run-earlier');
    await expectSource('depth = 4');
    await tab.getByRole('tab', { name: 'History' }).click();
    await expect(rows.nth(1)).toHaveAttribute('aria-current', 'true');
    await expect(tab.locator('[aria-current]')).toHaveCount(1);
  });

  await test.step('the newest one in the tab of its run', async () => {
    await tab.getByRole('button', { name: 'Open it' }).click();
    await expect(parameters).toContainText('depth9');
    await expectSource('depth = 9');
    await expect(tabs).toHaveCount(2);
    await tab.getByRole('tab', { name: 'History' }).click();
    await rows.first().click();
    await expect(tab.getByRole('tab', { name: 'History' })).toHaveAttribute(
      'aria-selected',
      'true'
    );
    await expect(tabs).toHaveCount(2);
  });

  await test.step('from the menu of a row', async () => {
    await openHistory();
    await rows.nth(1).click({ button: 'right' });
    const asked = page.waitForRequest(/snapshots\/[0-9a-f]{64}(?!\/)\b/);
    const id = await rows.nth(1).getAttribute('data-snapshot-id');
    await page.getByRole('menuitem', { name: 'Restore…' }).click();
    expect((await asked).url()).toContain(id);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toHaveCount(0);
  });

  await test.step('from a comparison, where both have their own time', async () => {
    await rows.nth(0).click({ modifiers: ['Control'] });
    await rows.nth(1).click({ modifiers: ['Control'] });
    await tab.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(tab.getByText('depth 4 → 9')).toBeVisible();
    const heads = tab.getByRole('columnheader');
    await expect(heads.nth(0)).toHaveAttribute('data-run-id', runId);
    await heads.nth(0).getByRole('button', { name: 'a.ipynb' }).first().click();
    await expectSource('depth = 4');
    await expect(tabs).toHaveCount(2);
  });

  await test.step('what another tab does to it meanwhile is not lost', async () => {
    await openHistory();
    const row = rows.nth(1);
    const id = await row.getAttribute('data-snapshot-id');
    const url = `/api/mlops/snapshots/${id}`;
    const dialog = page.getByRole('dialog');
    const note = dialog.getByRole('textbox', { name: /^Note/ });
    const openNote = async () => {
      await row.click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Edit Note and Tags…' }).click();
      await expect(note).toBeFocused();
    };
    await openNote();
    await note.fill('mine');
    await dialog.getByRole('textbox', { name: /^Tags/ }).fill('a');
    await request.patch(url, { data: { note: 'theirs', tags: ['b'] } });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByRole('alert')).toContainText('theirs');
    await expect(note).toHaveValue('mine');
    await shoot(page, 'light', 'note-of-two');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(row).toHaveAccessibleName(/tagged a, tagged b, mine$/);
    await openNote();
    await note.fill('worth it');
    await request.delete(url);
    await expect(rows).toHaveCount(1);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(page.locator('.Toastify__toast').last()).toContainText(
      'had been deleted meanwhile and is there again'
    );
    await expect(row).toHaveAccessibleName(/worth it$/);
  });

  await test.step('and after a reload', async () => {
    await page.reload({ waitForIsReady: false });
    await expect(tabs).toHaveCount(2);
    await tabs.first().click();
    await expectSource('depth = 4');
    await tabs.last().click();
    await expectSource('depth = 9');
  });
});

/**
 * Takes two snapshots of one run, the id of which is returned.
 */
function snapTwice(lab: Lab): string {
  for (const depth of [4, 9]) {
    writeNotebook(lab, `${depth}.ipynb`, [`depth = ${depth}`]);
  }
  const program = `
import shutil, sys
from pathlib import Path
from jupyter_mlops.cli.common import opened
root, folder = map(Path, sys.argv[1:])
with opened(root, make=True) as services:
    run = services.tracking.start_run("a.ipynb", author="kim")
    for depth, origin in ((4, "run-all"), (9, "user")):
        shutil.copy(folder / f"{depth}.ipynb", folder / "a.ipynb")
        services.snapshots.create(
            folder / "a.ipynb", None, author="kim", run_id=run.run_id, origin=origin
        )
print(run.run_id)
`;
  const args = ['-c', program, lab.root, join(lab.root, FOLDER)];
  return execFileSync('python', args, { encoding: 'utf8' }).trim();
}
