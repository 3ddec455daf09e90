import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, labTest as test } from './fixtures';
import { FOLDER, type Lab } from './lab';
import { shoot } from './screenshots';
import { openSidebar, sections } from './sidebar';

test('two experiments are compared down to their cells', async ({
  lab,
  page
}) => {
  const base = run(lab, { max_depth: '2', seed: '0' });
  const reseeded = run(lab, { max_depth: '2', seed: '1' });
  editNotebook(lab);
  editData(lab);
  appendFileSync(join(lab.root, FOLDER, 'README.md'), 'and more\n');
  const other = run(lab, { max_depth: '6', seed: '0' });

  const tab = page.locator('.jp-MLOpsTab:visible');
  const table = tab.getByRole('table');
  const row = (name: string) =>
    table.getByRole('row').filter({ hasText: name });
  const compare = (runIds: string[]) =>
    page.evaluate(
      ids =>
        void window.jupyterapp.commands.execute('mlops:compare-runs', {
          runIds: ids
        }),
      runIds
    );
  await openSidebar(page);
  await expect(sections(page).runs.getByRole('listitem')).toHaveCount(3);

  await test.step('a sentence and a table say what changed', async () => {
    await compare([base, other]);
    await expect(tab.getByText(/^accuracy .*Changed: max_depth/)).toContainText(
      'max_depth 2 → 6'
    );
    await expect(row('breast_cancer.csv')).toContainText('≠ changed−');
    await expect(row('f1').last().getByRole('cell').last()).toContainText(
      /[+−]0\.\d/
    );
    await shoot(page, 'light', 'compare-experiments');
    await table.getByRole('button', { name: 'Data' }).click();
    await expect(row('breast_cancer.csv')).toHaveCount(0);
    await table.getByRole('button', { name: 'Data' }).click();
  });

  await test.step('cells that did not change are folded, edited ones open', async () => {
    await tab.getByRole('tab', { name: 'Cells' }).click();
    await expect(tab.getByRole('status')).toHaveText(
      '7 unchanged, 2 edited, 1 added, 4 output changed'
    );
    const train = tab
      .getByRole('list', { name: 'Cells' })
      .getByRole('listitem')
      .filter({ hasText: 'edited' })
      .filter({ hasText: 'model = RandomForestClassifier(' });
    await expect(train.locator('.cm-mergeView .cm-changedText')).toContainText(
      'min_samples_leaf'
    );
    // highlighted as the notebook is: one copy of CodeMirror
    await expect(train.locator('.cm-line span').first()).toBeVisible();
    await expect(tab.getByText(/^Show \d unchanged cells$/)).toBeVisible();
    await page.waitForTimeout(300);
    await shoot(page, 'light', 'compare-cells');
    const printed = tab.getByRole('button', {
      name: /predicted = .*output changed/
    });
    await printed.click();
    await expect(
      tab.getByRole('group', { name: 'Outputs of the baseline' }).last()
    ).toContainText('ROC AUC');
    await printed.press('ArrowUp');
    await expect(printed).not.toBeFocused();
    await shoot(page, 'light', 'compare-outputs');
    const beside = tab.getByRole('region', { name: 'Beside the notebook' });
    await beside.getByRole('button', { name: /Uncommitted changes/ }).click();
    const diff = beside.getByRole('group');
    await expect(diff).toContainText('+and more');
    await expect(diff).not.toContainText('breast_cancer.csv'); // it is among the data
  });

  await test.step('figures side by side and in one place', async () => {
    await tab.getByRole('tab', { name: 'Figures' }).click();
    await expect(tab.getByRole('img')).toHaveCount(2);
    await expect(tab.getByText('≠ differs')).toBeVisible();
    await shoot(page, 'light', 'compare-figures');
    const figure = tab.getByRole('img').first();
    await expect(figure).toHaveJSProperty('complete', true);
    const width = async () => (await figure.boundingBox())!.width;
    const before = await width();
    const zoom = tab.getByRole('slider', { name: 'Zoom' });
    await zoom.press('End');
    await expect(zoom).toHaveAttribute('aria-valuetext', '4 times');
    await expect.poll(width).toBeGreaterThan(3 * before);
    await shoot(page, 'light', 'compare-figures-zoomed');
    await zoom.press('Home');
    await expect.poll(width).toBe(before);
    await tab.getByLabel('Flicker').check();
    await tab.getByRole('button', { name: 'Next' }).click();
    await expect(tab.getByRole('button', { name: 'Play' })).toBeVisible();
    await expect(tab.getByRole('img')).toHaveCount(1);
  });

  await test.step('runs are chosen and compared in the sidebar', async () => {
    const rows = sections(page).runs.getByRole('listitem');
    await rows.first().click({ modifiers: ['Control'] });
    await rows.last().click({ modifiers: ['Shift'] });
    await expect(sections(page).runs.getByText('3 selected')).toBeVisible();
    await rows.first().click({ button: 'right' });
    await shoot(page, 'light', 'sidebar-selected');
    await page.getByRole('menuitem', { name: 'Compare Runs' }).click();
    await expect(tab.getByText(/^Results differ in/)).toBeVisible();
    await rows.first().hover();
    await rows.first().getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Compare with Previous' }).click();
    await expect(tab.getByText(/Changed: max_depth/)).toBeVisible();
    const filter = sections(page).runs.getByRole('combobox', {
      name: 'Filter'
    });
    await filter.fill("params.max_depth = '6'");
    await filter.press('Enter');
    await expect(rows).toHaveCount(1);
    await filter.fill('');
    await expect(rows).toHaveCount(3);
  });

  await test.step('a column is dragged to be the baseline', async () => {
    await compare([base, reseeded, other]);
    await expect(tab.getByText(/^Results differ in/)).toBeVisible();
    const heads = table.getByRole('columnheader');
    await expect(row('f1').getByText(/by seed/)).toBeVisible();
    await row('max_depth').getByRole('button', { name: 'max_depth' }).click();
    await expect(heads.nth(1)).toHaveAttribute('data-run-id', other);
    await expect(heads.nth(0)).toHaveAttribute('data-run-id', base);
    await row('max_depth').getByRole('button', { name: 'max_depth' }).click();
    await expect(heads.nth(2)).toHaveAttribute('data-run-id', other);
    await heads.nth(2).dragTo(heads.nth(0));
    await expect(heads.nth(0)).toHaveAttribute('data-run-id', other);
    await expect(heads.nth(0)).toContainText('Baseline');
    await heads
      .nth(0)
      .getByRole('button', { name: 'train.ipynb', exact: true })
      .press('Shift+ArrowRight');
    await expect(heads.nth(1)).toHaveAttribute('data-run-id', other);
    await page.theme.setDarkTheme();
    await page.waitForTimeout(300);
    await shoot(page, 'dark', 'compare-noise');
    await tab.getByRole('tab', { name: 'Cells' }).click();
    await tab
      .getByLabel('Compare with', { exact: true })
      .selectOption({ index: 1 });
    await expect(tab.locator('.cm-changedText').first()).toBeVisible();
    await page.waitForTimeout(300);
    await shoot(page, 'dark', 'compare-cells');
    await page.setViewportSize({ width: 760, height: 800 });
    await page.waitForTimeout(300);
    await shoot(page, 'dark', 'compare-cells-narrow');
    await tab.getByRole('tab', { name: 'Table' }).click();
    await shoot(page, 'dark', 'compare-table-narrow');
    await heads
      .nth(2)
      .getByRole('button', { name: /out of the comparison/ })
      .click();
    await expect(heads).toHaveCount(2);
  });
});

/**
 * A headless run; its id.
 */
function run(lab: Lab, parameters: Record<string, string>): string {
  const given = Object.entries(parameters).flatMap(pair => ['-p', ...pair]);
  const output = execFileSync(
    'jupyter-mlops',
    ['run', 'train.ipynb', ...given, '--json'],
    { cwd: join(lab.root, FOLDER), encoding: 'utf8', stdio: 'pipe' }
  );
  return JSON.parse(output).run_id;
}

function editNotebook(lab: Lab): void {
  const path = join(lab.root, FOLDER, 'train.ipynb');
  const notebook = JSON.parse(readFileSync(path, 'utf8'));
  const { cells } = notebook;
  const train = cells.find((cell: { id: string }) => cell.id === 'train');
  train.source = [train.source]
    .flat()
    .join('')
    .replace('random_state=seed', 'random_state=seed, min_samples_leaf=3');
  cells.splice(5, 0, {
    cell_type: 'code',
    id: 'look',
    metadata: {},
    source: '# a look at the data\nlen(open("breast_cancer.csv").readlines())',
    outputs: [],
    execution_count: null
  });
  writeFileSync(path, JSON.stringify(notebook));
}

function editData(lab: Lab): void {
  const path = join(lab.root, FOLDER, 'breast_cancer.csv');
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [...lines.slice(0, 450), ''].join('\n'));
}
