import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { expect, labTest as test } from './fixtures';
import { FOLDER, type Lab } from './lab';
import { R, writeNotebook } from './notebook';
import { shoot } from './screenshots';
import { openSidebar, sections } from './sidebar';

const QUICK = [
  'scale = 2',
  "rows = len(open('breast_cancer.csv').readlines()) * scale\nrows",
  'import random\nprint(random.random())'
];
const IN_R = ['n <- 4', 'total <- sum(seq_len(n))\nprint(total)'];
const SLOW = ['import time\ntime.sleep(600)'];

test('a snapshot is restored, and run again with a verdict', async ({
  lab,
  page
}) => {
  const dialog = page.getByRole('dialog');
  const tab = page.locator('.jp-MLOpsTab:visible');
  const receipts = tab.getByRole('region', { name: 'Receipts' });
  await openSidebar(page);
  const path = writeNotebook(lab, 'quick.ipynb', QUICK);
  const { snapshot_id: id } = mlops(lab, 'run', 'quick.ipynb');
  const original = readFileSync(path, 'utf8');
  await openRun(page, 'quick.ipynb');

  await test.step('restored to a new folder, and opened', async () => {
    await tab.getByRole('button', { name: 'Restore' }).click();
    const name = `quick-${id.slice(0, 8)}`;
    await expect(dialog.getByRole('textbox', { name: /^Folder/ })).toHaveValue(
      name
    );
    await dialog.getByLabel('Environment').check();
    await expect(dialog.getByLabel('As a kernel')).toBeChecked();
    await shootAll(page, 'restore-dialog');
    await dialog.getByLabel('Environment').uncheck();
    await expect(dialog.getByLabel('As a kernel')).toBeHidden();
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await expect(page.getByText('2 files restored')).toBeVisible();
    const restored = join(lab.root, name, FOLDER);
    // Jupyter puts a checkpoint beside a notebook that is opened
    const files = readdirSync(restored).filter(file => !file.startsWith('.'));
    expect(files.sort()).toEqual(['breast_cancer.csv', 'quick.ipynb']);
    await expect(
      page.getByRole('main').getByRole('tab', { name: 'quick.ipynb' })
    ).toHaveCount(2); // the run's, and the notebook's
  });

  await test.step('restored in place, after a snapshot', async () => {
    await openRun(page, 'quick.ipynb');
    writeNotebook(lab, 'quick.ipynb', ['# other']);
    await tab.getByRole('button', { name: 'Restore' }).click();
    await dialog.getByLabel('In place').check();
    await expect(dialog.getByRole('textbox', { name: /^Folder/ })).toBeHidden();
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await expect(page.getByText('is in a snapshot')).toBeVisible();
    expect(cells(path)).toEqual(cells(original, true));
  });

  await test.step('and taken back by one click', async () => {
    const undo = page
      .locator('.Toastify__toast', { hasText: 'is in a snapshot' })
      .getByRole('button', { name: 'Undo' });
    await undo.hover(); // it stays as long
    await shoot(page, 'light', 'restore-undo');
    await undo.click();
    await expect(page.getByText('1 file restored')).toBeVisible();
    await expect.poll(() => cells(path)).toEqual(['# other']);
  });

  await test.step('run again: random cells are told', async () => {
    await openRun(page, 'quick.ipynb', 2); // the newer ones are safety snapshots
    await tab.getByRole('button', { name: 'Reproduce' }).click();
    await expect(dialog.getByLabel('Same interpreter')).toBeChecked();
    await expect(dialog.getByLabel('rows')).toHaveValue('');
    await dialog.getByLabel('rows').fill('much');
    const start = dialog.getByRole('button', { name: 'Reproduce' });
    await expect(start).toBeDisabled();
    await dialog.getByLabel('rows').fill('1%');
    await shootAll(page, 'reproduce-dialog');
    await start.click();
    await expect(receipts.getByRole('status')).toContainText('Reproducing');
    await expect(receipts).toContainText('reproduced', { timeout: 240_000 });
    await receipts.locator('summary').click();
    await expect(receipts).toContainText('2 cells are the same');
    await expect(receipts).toContainText('1 random by nature');
    await shootAll(page, 'receipt');
  });

  await test.step('a cell leads to the notebook', async () => {
    await receipts.getByRole('button', { name: 'Cell 3' }).click();
    const marked = tab.locator('.jp-Cell.jp-mod-marked');
    await expect(marked).toContainText('random.random');
    await expect(marked).toBeInViewport();
    await shoot(page, 'light', 'receipt-cell');
  });

  await test.step('R tells of its session', async () => {
    writeNotebook(lab, 'r.ipynb', IN_R, R);
    mlops(lab, 'run', 'r.ipynb');
    await openRun(page, 'r.ipynb');
    await expect(tab).toContainText('total10');
    await tab.getByRole('tab', { name: 'Environment' }).click();
    const session = tab.getByRole('figure', { name: 'Session of R' });
    await expect(session).toContainText('R version');
    await session.scrollIntoViewIfNeeded();
    await shootAll(page, 'run-r');
  });

  await test.step('a long one is cancelled', async () => {
    writeNotebook(lab, 'slow.ipynb', SLOW);
    mlops(lab, 'snapshot', 'slow.ipynb');
    await openRun(page, 'slow.ipynb');
    await tab.getByRole('button', { name: 'Reproduce' }).click();
    await dialog.getByRole('button', { name: 'Reproduce' }).click();
    await expect(receipts).toContainText('cell 1 of 1', { timeout: 240_000 });
    await shoot(page, 'light', 'receipt-running');
    await receipts.getByRole('button', { name: 'Cancel' }).click();
    await expect(receipts).toContainText('stopped');
    const left = readdirSync(join(lab.root, '.mlops/reproductions'));
    expect(left.filter(name => existsSync(join(name, 'run-1')))).toEqual([]);
  });
});

/**
 * In both themes, and narrow.
 */
async function shootAll(
  page: IJupyterLabPageFixture,
  name: string
): Promise<void> {
  await shoot(page, 'light', name);
  await page.theme.setDarkTheme();
  await shoot(page, 'dark', name);
  await page.setViewportSize({ width: 700, height: 800 });
  await shoot(page, 'narrow', name);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.theme.setLightTheme();
}

/**
 * Opens the tab of a run of the notebook; 0 is the newest.
 */
async function openRun(
  page: IJupyterLabPageFixture,
  name: string,
  position = 0
): Promise<void> {
  const rows: Locator = sections(page).runs.getByRole('listitem');
  await rows.filter({ hasText: name }).nth(position).click();
  await expect(
    page.locator('.jp-MLOpsTab:visible').getByRole('heading', { name })
  ).toBeVisible();
}

function cells(pathOrText: string, isText = false): string[] {
  const text = isText ? pathOrText : readFileSync(pathOrText, 'utf8');
  return JSON.parse(text).cells.map((cell: { source: string | string[] }) =>
    [cell.source].flat().join('')
  );
}

function mlops({ root }: Lab, command: string, name: string): any {
  const args = ['mlops', command, name, '--json'];
  const cwd = join(root, FOLDER);
  const said = execFileSync('jupyter', args, {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore']
  });
  return JSON.parse(said.toString());
}
