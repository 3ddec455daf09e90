import type { Locator } from '@playwright/test';

import { expect, labTest as test } from './fixtures';
import { shoot } from './screenshots';
import { openSidebar } from './sidebar';

const COUNT = 30;
const STEPS = 500;

test.use({ viewport: { width: 1280, height: 800 } });

test('find, sort, choose and compare runs', async ({ log, page }) => {
  const logRun = async (number: number): Promise<string> => {
    const { run } = await log('runs/create', {
      experiment_id: '0',
      run_name: `숲 ${number}`,
      start_time: Date.now() - (COUNT - number) * 60_000
    });
    const id = run.info.run_id;
    const end = 0.5 + (0.45 * number) / COUNT;
    const steps = Array.from({ length: STEPS }, (_, step) => ({
      key: 'loss',
      value:
        Math.exp((-step * (1 + number / 20)) / 100) + 0.02 * Math.sin(step),
      timestamp: 1_700_000_000_000 + step * 1000,
      step
    }));
    await log('runs/log-batch', {
      run_id: id,
      params: [
        { key: 'depth', value: `${(number % 5) + 2}` },
        { key: 'kind', value: number % 2 ? 'forest' : 'boosting' }
      ],
      metrics: [
        { key: 'f1', value: end, timestamp: 1, step: 0 },
        { key: 'val/auc', value: end + 0.03, timestamp: 1, step: 0 },
        ...steps
      ]
    });
    return id;
  };
  let last = '';
  for (let number = 0; number < COUNT; number++) {
    last = await logRun(number);
  }

  await openSidebar(page);
  await page.getByRole('button', { name: 'Open Runs Table' }).click();
  const tab = page.locator('.jp-MLOpsTab:visible');
  const runsTab = page
    .locator('.lm-DockPanel-tabBar')
    .getByRole('tab', { name: 'Runs', exact: true });
  const grid = tab.getByRole('grid', { name: 'Runs' });
  const rows = grid.locator('[data-run-id]');
  const cell = (row: Locator, text: string) =>
    row.getByRole('gridcell', { name: text, exact: true });
  await expect(rows.first()).toHaveAccessibleName(`숲 ${COUNT - 1}, running`);
  await expect(tab.getByText(`${COUNT} runs`, { exact: true })).toBeVisible();
  await shoot(page, 'light', 'runs-table');

  // the server sorts
  await grid.getByRole('button', { name: 'f1' }).click();
  await grid.getByRole('button', { name: /^f1/ }).click();
  await expect(rows.first()).toHaveAccessibleName('숲 0, running');
  await expect(grid.getByRole('columnheader', { name: /^f1/ })).toHaveAttribute(
    'aria-sort',
    'ascending'
  );

  // the grammar is completed, and a mistake costs nothing
  const filter = tab.getByRole('combobox', { name: 'Filter runs' });
  await filter.pressSequentially('auc');
  await shoot(page, 'light', 'runs-completion');
  await tab.getByRole('option', { name: 'metrics.`val/auc`' }).click();
  await filter.pressSequentially('> 0.9');
  await filter.press('Enter');
  await expect(tab.getByText(/^\d runs$/)).toBeVisible();
  await filter.fill('metrics.f1 > > 1');
  await filter.press('Enter');
  await expect(tab.getByRole('alert')).toBeVisible();
  await expect(rows.first()).toBeVisible();
  await shoot(page, 'light', 'runs-refused');
  await filter.fill('');
  await expect(tab.getByRole('alert')).toHaveCount(0);

  // what is logged stands in the table at once
  await log('runs/log-metric', {
    run_id: last,
    key: 'f1',
    value: 0.4321,
    timestamp: 2,
    step: 1
  });
  await expect(rows.first()).toHaveAccessibleName(`숲 ${COUNT - 1}, running`);
  await expect(cell(rows.first(), '0.4321')).toBeVisible();

  // columns are dragged, moved by keys, and kept in sight
  const head = (name: string) => grid.getByRole('columnheader', { name });
  const heads = grid.getByRole('columnheader');
  await head('val/auc').dragTo(head('Notebook'));
  await expect(heads.nth(3)).toHaveAccessibleName('val/auc');
  await head('val/auc').getByRole('button').press('Shift+ArrowLeft');
  await expect(heads.nth(2)).toHaveAccessibleName('val/auc');
  await tab.getByRole('button', { name: 'Columns' }).click();
  await tab.getByRole('button', { name: 'Keep val/auc in sight' }).click();
  await page.keyboard.press('Escape');
  await expect(heads.nth(1)).toHaveAccessibleName('val/auc');
  await page.setViewportSize({ width: 900, height: 800 });
  await grid.evaluate(node => (node.scrollLeft = node.scrollWidth));
  await expect(head('val/auc')).toBeInViewport({ ratio: 0.9 });
  await expect(head('Started')).not.toBeInViewport();
  await shoot(page, 'light', 'runs-pinned');
  await page.setViewportSize({ width: 1280, height: 800 });

  // chosen by keys, compared by a click
  await rows.nth(1).getByRole('gridcell').last().click();
  await grid.press('Shift+ArrowDown');
  await grid.press('Shift+ArrowDown');
  await expect(tab.getByText('3 runs selected')).toBeVisible();
  await shoot(page, 'light', 'runs-selected');
  await tab.getByRole('button', { name: 'Compare' }).click();
  await expect(tab.getByRole('table')).toContainText('Make baseline');
  await expect(tab.getByText(/^Results differ in/)).toContainText(
    'Changed: depth'
  );
  await shoot(page, 'light', 'compare-table');

  // named by what was varied, and only the rows that are wanted
  await tab.getByLabel('Name runs by').selectOption('depth');
  const columns = tab.getByRole('table').getByRole('columnheader');
  await expect(columns.nth(1)).toContainText(/depth \d/);
  const find = tab.getByRole('searchbox', { name: 'Find rows' });
  await find.fill('AUC');
  await expect(tab.getByRole('table')).toContainText('val/auc');
  await expect(tab.getByRole('table')).not.toContainText('f1');
  await shoot(page, 'light', 'compare-found');
  await find.fill('');
  await expect(tab.getByRole('table')).toContainText('f1');
  await tab.getByRole('tab', { name: 'Curves' }).click();
  const chart = tab.getByRole('img', { name: 'Chart of loss in 3 runs' });
  await expect(chart.locator('canvas')).toBeVisible();
  await shoot(page, 'light', 'compare-curves');

  // the others are faint where one is chosen in the legend
  const names = tab
    .getByRole('listbox', { name: 'Legend' })
    .getByRole('option');
  await expect(names.nth(1)).toContainText(/depth \d/);
  const choose = async (isChosen: boolean) => {
    await names.first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(names.nth(1)).toHaveAttribute('aria-selected', `${isChosen}`);
    await page.keyboard.press('Tab');
  };
  // again if the chart was not drawn yet
  await expect(async () => {
    const all = await chart.screenshot();
    const showsAll = async () => (await chart.screenshot()).equals(all);
    await choose(true);
    await expect.poll(showsAll, { timeout: 5000 }).toBe(false);
    await shoot(page, 'light', 'compare-curves-chosen');
    await choose(false);
    await expect.poll(showsAll, { timeout: 5000 }).toBe(true);
  }).toPass({ timeout: 120_000 });

  // a marked range is read in full
  // again if the chart did not listen yet
  await expect(async () => {
    const box = (await chart.boundingBox())!;
    const y = box.y + box.height / 2;
    const answer = page.waitForResponse(/metrics\/loss\?.*start_step=\d+/, {
      timeout: 15_000
    });
    await page.mouse.move(box.x + box.width * 0.4, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, y, { steps: 5 });
    await page.mouse.up();
    const { points } = await (await answer).json();
    expect(points.length).toBeGreaterThan(50);
    expect(points.length).toBeLessThan(STEPS / 2);
  }).toPass({ timeout: 120_000 });
  await expect(tab.getByRole('button', { name: 'Show all' })).toBeVisible();
  await shoot(page, 'light', 'compare-zoomed');

  await tab.getByRole('tab', { name: 'Parallel coordinates' }).click();
  await expect(
    tab.getByRole('img', { name: /^Parallel/ }).locator('canvas')
  ).toBeVisible();
  await page.waitForTimeout(300);
  await shoot(page, 'light', 'compare-parallel');
  await tab.getByRole('tab', { name: 'Scatter' }).click();
  await expect(tab.getByRole('img').locator('canvas')).toBeVisible();
  await page.theme.setDarkTheme();
  await page.waitForTimeout(300);
  await shoot(page, 'dark', 'compare-scatter');
  await tab.getByRole('tab', { name: 'Curves' }).click();
  await expect(chart.locator('canvas')).toBeVisible();
  await page.waitForTimeout(300);
  await shoot(page, 'dark', 'compare-curves');
  await runsTab.click();
  await expect(grid).toBeVisible();
  await shoot(page, 'dark', 'runs-table');
  await page.setViewportSize({ width: 700, height: 800 });
  await tab.getByRole('button', { name: 'Columns' }).click();
  await expect(tab.getByRole('dialog', { name: 'Columns' })).toBeVisible();
  await shoot(page, 'dark', 'runs-narrow');
  const saved = page.waitForResponse(
    answer =>
      answer.url().includes('/api/workspaces') &&
      !!answer.request().postData()?.includes('"columns":[')
  );
  await tab.getByRole('checkbox', { name: 'loss', exact: true }).uncheck();
  await expect(grid.getByRole('columnheader', { name: 'loss' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await saved;

  // a layout that was left is there again
  await page.reload({ waitForIsReady: false });
  await runsTab.click();
  await expect(grid).toBeVisible();
  await expect(grid.getByRole('columnheader', { name: /^f1/ })).toHaveAttribute(
    'aria-sort',
    'ascending'
  );
  await expect(grid.getByRole('columnheader', { name: 'loss' })).toHaveCount(0);

  // the run's own tab shows its course
  await rows.first().getByRole('button').click();
  await tab.getByRole('tab', { name: 'Curves' }).click();
  await expect(
    tab.getByRole('img', { name: 'Chart of loss in 1 run' }).locator('canvas')
  ).toBeVisible();
});
