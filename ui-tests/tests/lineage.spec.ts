import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';

import { expect, labTest as test } from './fixtures';
import { FOLDER, type Lab } from './lab';
import { shoot } from './screenshots';
import { openSidebar, sections } from './sidebar';

const CSV = 'breast_cancer.csv';
const ETL = [
  `text = open('${CSV}').read()`,
  "open('clean.csv', 'w').write(text.replace(';', ','))"
];

test('lineage is shown from data to deployment, and what is stale', async ({
  lab,
  page
}) => {
  writeNotebook(lab, 'etl.ipynb', ETL);
  writeNotebook(lab, 'report.ipynb', [
    "rows = len(open('clean.csv').readlines())"
  ]);
  for (const name of ['etl.ipynb', 'report.ipynb', 'train.ipynb']) {
    mlops(lab, 'run', name);
  }
  deployNewest(lab);
  const tab = page.locator('.jp-MLOpsTab:visible');
  const graph = tab.getByRole('group', { name: 'Lineage graph' });
  const card = (name: string | RegExp) => graph.getByRole('button', { name });

  const all = tab.getByRole('button', { name: 'Show all of it' });

  await test.step('the whole project', async () => {
    await openLineage(page);
    await expect(card(`Data, ${CSV}, current`)).toBeVisible();
    await shoot(page, 'light', 'lineage-start');
    await all.click();
    await expect(card('Deployment, cancer-live, current')).toBeVisible();
    await expect(card(`Data, ${CSV}, current`)).toBeVisible();
    await expect(card('Notebook, report.ipynb, current')).toBeVisible();
    await shoot(page, 'light', 'lineage');
  });

  await test.step('parts are found, folded away and left out', async () => {
    const find = tab.getByRole('searchbox', { name: 'Find in the graph' });
    await find.fill('cancer');
    await expect(tab.getByRole('status')).toContainText('3 found');
    await find.press('Enter');
    await find.press('Enter');
    await expect(tab.getByRole('status')).toContainText('2 of 3');
    await shoot(page, 'light', 'lineage-find');
    await find.press('Escape');
    await all.click();
    await card('Notebook, etl.ipynb, current').focus();
    await page.keyboard.press('-');
    await expect(card('Data, clean.csv, current')).toHaveCount(0);
    await expect(card('Deployment, cancer-live, current')).toBeVisible();
    await shoot(page, 'light', 'lineage-folded');
    await page.keyboard.press('+');
    await expect(card('Data, clean.csv, current')).toBeVisible();
    const train = card('Notebook, train.ipynb, current');
    await train.hover();
    await graph
      .locator('.react-flow__node')
      .filter({ hasText: 'train.ipynb' })
      .getByRole('button', { name: 'Hide what comes after it (-)' })
      .click();
    await expect(card('Deployment, cancer-live, current')).toHaveCount(0);
    await tab.getByRole('button', { name: 'Unfold all (3 hidden)' }).click();
    await expect(train.and(focused(page))).toBeVisible();
    await expect(card('Deployment, cancer-live, current')).toBeVisible();
    await tab.getByLabel('Draw').selectOption('all but snapshots');
    await expect(card(/^Snapshot/)).toHaveCount(0);
    await expect(card('Deployment, cancer-live, current')).toBeVisible();
    await shoot(page, 'light', 'lineage-things');
    await tab.getByLabel('Draw').selectOption('what is stale');
    await expect(
      tab.getByText('Nothing of this graph is stale.')
    ).toBeVisible();
    await tab.getByLabel('Draw').selectOption('everything');
    await expect(card(/^Snapshot/)).toHaveCount(3);
    await all.click();
  });

  await test.step('what belongs to a card is marked', async () => {
    const marked = graph.locator('.react-flow__node.jp-mod-related');
    await expect(marked).toHaveCount(0);
    await card('Notebook, report.ipynb, current').hover();
    await expect(marked.filter({ hasText: 'etl.ipynb' })).toBeVisible();
    await expect(marked.filter({ hasText: CSV })).toBeVisible();
    await expect(marked.filter({ hasText: 'cancer-live' })).toHaveCount(0);
    await shoot(page, 'light', 'lineage-related');
    await card('Deployment, cancer-live, current').focus();
    await expect(marked.filter({ hasText: 'train.ipynb' })).toBeVisible();
    await expect(marked.filter({ hasText: 'etl.ipynb' })).toHaveCount(0);
  });

  await test.step('arrows follow the edges, Enter opens', async () => {
    await card(`Data, ${CSV}, current`).focus();
    await page.keyboard.press('ArrowRight');
    await expect(
      card(/^Notebook, (etl|train)/).and(focused(page))
    ).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await expect(card(/^Snapshot/).and(focused(page))).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(tab.getByRole('tab', { name: 'Overview' })).toBeVisible();
    await tab.getByRole('tab', { name: 'Lineage' }).click();
    await expect(
      card(/^Snapshot/).and(graph.locator('[aria-current]'))
    ).toBeVisible();
    await shoot(page, 'light', 'run-lineage');
  });

  await test.step('a changed file shows by itself, with what depends on it', async () => {
    appendFileSync(join(lab.root, FOLDER, CSV), '\n');
    await openLineage(page);
    await all.click();
    await expect(card(new RegExp(`^Data, ${CSV}, stale`))).toBeVisible();
    await expect(card(/^Deployment, cancer-live, stale/)).toBeVisible();
    await expect(card(/^Notebook, report.ipynb, stale.*etl/)).toBeVisible();
    await shoot(page, 'light', 'lineage-stale');
    await tab.getByRole('tab', { name: 'Stale (5)' }).click();
    await expect(tab).toContainText(`${CSV} changed`);
    await shoot(page, 'light', 'stale');
  });

  await test.step('lists say what is stale, and lead to its lineage', async () => {
    await openSidebar(page);
    const { deployments, models, runs } = sections(page);
    const why = `stale: ${CSV} changed`;
    await expect(
      runs.getByRole('listitem', { name: /^train.ipynb/ }).getByText(why)
    ).toBeVisible();
    await expect(
      runs.getByText('which makes an input, is stale')
    ).toBeVisible();
    await expect(models.getByText(why)).toBeVisible();
    await shoot(page, 'light', 'stale-marks');
    await page.theme.setDarkTheme();
    await page.sidebar.setWidth(220, 'left');
    await shoot(page, 'dark', 'stale-marks-narrow');
    await page.theme.setLightTheme();
    await deployments.getByRole('button', { name: why }).click();
    await expect(
      card(/^Deployment, cancer-live, stale/).and(
        graph.locator('[aria-current]')
      )
    ).toBeVisible();
    const row = models.getByRole('listitem', { name: why });
    await row.focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Open Lineage' }).click();
    await expect(
      card(/^Model version, cancer v1, stale/).and(
        graph.locator('[aria-current]')
      )
    ).toBeVisible();
    await execute(page, 'mlops:open-runs');
    const grid = page.getByRole('grid', { name: 'Runs' });
    await expect(
      grid
        .getByRole('row', { name: /^train.ipynb.*breast_cancer.csv changed/ })
        .getByRole('button', { name: 'stale', exact: true })
    ).toBeVisible();
    await shoot(page, 'light', 'stale-marks-table');
    await openSidebar(page);
    await page
      .getByRole('tab', { name: 'Lineage', exact: true })
      .first()
      .click();
    await tab.getByRole('tab', { name: 'Stale (5)' }).click();
  });

  await test.step('the stale notebooks are run again, in order', async () => {
    await tab.getByRole('button', { name: 'Run stale notebooks' }).click();
    await expect(tab.getByRole('status')).toContainText('3 of 3 · finished', {
      timeout: 240_000
    });
    await expect(tab.getByRole('tab', { name: 'Stale (2)' })).toBeVisible();
    await shoot(page, 'light', 'stale-rerun');
  });

  await test.step('the same as lists', async () => {
    await tab.getByRole('tab', { name: 'List' }).click();
    const lists = tab.getByRole('region', { name: 'Where it starts' });
    await expect(
      lists.getByRole('button', { name: 'cancer-live' })
    ).toBeVisible();
    await shoot(page, 'light', 'lineage-list');
  });

  await test.step('from a file, and from a deployment', async () => {
    await page.sidebar.openTab('filebrowser');
    await page.filebrowser.openDirectory(FOLDER);
    const file = page.getByRole('listitem', { name: new RegExp('clean.csv') });
    await file.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Show Lineage' }).click();
    await expect(card('Data, clean.csv, current')).toBeVisible();
    await expect(card(/^Notebook, train/)).toHaveCount(0);
    await page
      .getByRole('tab', { name: 'Lineage', exact: true })
      .first()
      .click();
    await tab.getByRole('tab', { name: 'Graph' }).click();
    await all.click();
    await card(/^Deployment, cancer-live/).click();
    await expect(tab.getByText(`${CSV} changed`)).toBeVisible();
    await shoot(page, 'light', 'deployment-stale');
    await tab.getByRole('button', { name: 'Show lineage' }).click();
    await expect(card(/^Deployment, cancer-live, stale/)).toBeVisible();
  });

  await test.step('dark and narrow', async () => {
    await page.theme.setDarkTheme();
    await shoot(page, 'dark', 'lineage-stale');
    await page.setViewportSize({ width: 700, height: 700 });
    await shoot(page, 'dark', 'lineage-narrow');
  });

  await test.step('an endpoint is current once it serves a model of the new data', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await all.click();
    await expect(card(/^Model version, cancer v1, stale/)).toBeVisible();
    deployNewest(lab);
    await expect(card('Model version, cancer v2, current')).toBeVisible();
    await expect(card('Deployment, cancer-live, current')).toBeVisible();
    await shoot(page, 'dark', 'lineage-renewed');
  });
});

function focused(page: IJupyterLabPageFixture): Locator {
  return page.locator(':focus');
}

async function openLineage(page: IJupyterLabPageFixture): Promise<void> {
  await execute(page, 'mlops:open-lineage');
}

async function execute(
  page: IJupyterLabPageFixture,
  command: string
): Promise<void> {
  await page.evaluate(
    id => (window as any).jupyterapp.commands.execute(id),
    command
  );
}

function writeNotebook(lab: Lab, name: string, sources: string[]): void {
  const cells = sources.map((source, index) => ({
    cell_type: 'code',
    id: `cell${index}`,
    execution_count: null,
    metadata: {},
    outputs: [],
    source
  }));
  const kernelspec = {
    name: 'python3',
    display_name: 'Python 3',
    language: 'python'
  };
  writeFileSync(
    join(lab.root, FOLDER, name),
    JSON.stringify({
      cells,
      metadata: { kernelspec },
      nbformat: 4,
      nbformat_minor: 5
    })
  );
}

/**
 * Registers the model of the newest run of train.ipynb, and has the endpoint serve it.
 */
function deployNewest(lab: Lab): void {
  const [{ id }] = JSON.parse(
    mlops(lab, 'snapshots', '--notebook', 'train.ipynb', '--json')
  );
  mlops(lab, 'register', 'cancer', '--snapshot', id, '--variable', 'model');
  mlops(lab, 'deploy', 'cancer', '--as', 'cancer-live');
}

function mlops({ root }: Lab, ...args: string[]): string {
  return execFileSync('jupyter', ['mlops', ...args], {
    cwd: join(root, FOLDER),
    encoding: 'utf8'
  });
}
