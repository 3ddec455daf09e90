import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

import { expect, labTest as test } from './fixtures';
import { shoot } from './screenshots';

test('of two thousand things those that are alike are one card', async ({
  page
}) => {
  test.setTimeout(300_000);
  const tab = page.locator('.jp-MLOpsTab:visible');
  const graph = tab.getByRole('group', { name: 'Lineage graph' });
  const card = (name: string | RegExp) => graph.getByRole('button', { name });
  await page.theme.setDarkTheme();
  await page.route(/\/mlops\/lineage\?/, route =>
    route.fulfill({ json: largeLineage() })
  );
  await openLineage(page);
  await expect(card('Notebook, step-0.ipynb, current')).toBeInViewport();
  const find = tab.getByRole('searchbox', { name: 'Find in the graph' });
  await find.fill('part-299');
  await find.press('Enter');
  const group = card('300 × Data, part-….csv, current, show each');
  await expect(group).toBeInViewport();
  await expect(card(/^Data, part/)).toHaveCount(0);
  await shoot(page, 'dark', 'lineage-groups');
  await group.focus();
  await page.keyboard.press('Enter');
  await expect(
    card('Data, part-0.csv, current').and(page.locator(':focus'))
  ).toBeInViewport();
  await shoot(page, 'dark', 'lineage-group-opened');
  await page.keyboard.press('ArrowDown');
  await expect(
    card(/^Data, part-/).and(page.locator(':focus'))
  ).toBeInViewport();
  await tab.getByRole('button', { name: 'Group again (300 cards)' }).focus();
  await page.keyboard.press('Enter');
  await expect(group.and(page.locator(':focus'))).toBeInViewport();
  await find.fill('step-599');
  await find.press('Enter');
  await expect(card('Notebook, step-599.ipynb, current')).toBeInViewport();
  await page.theme.setLightTheme();
  await shoot(page, 'light', 'lineage-large');
  // each time twice as much is asked for, up to what the server gives
  const more = tab.getByRole('button', { name: 'Show more' });
  for (const limit of [300, 600, 1200, 2000]) {
    const asked = page.waitForRequest(new RegExp(`limit=${limit}\\b`));
    await more.click();
    await asked;
  }
  await expect(more).toHaveCount(0);
  await expect(
    tab.getByText('Only 2100 things are shown, and at least 1234 are left out.')
  ).toBeVisible();
  await shoot(page, 'light', 'lineage-left-out');
  await page.theme.setDarkTheme();
  await page.setViewportSize({ width: 700, height: 700 });
  await shoot(page, 'dark', 'lineage-left-out-narrow');
});

test('what is not drawn is found all the same, and opens as a start', async ({
  page
}) => {
  const tab = page.locator('.jp-MLOpsTab:visible');
  const found = tab.getByRole('region', { name: 'Not drawn here' });
  const find = tab.getByRole('searchbox', { name: 'Find in the graph' });
  await page.route(/\/mlops\/lineage\?/, route =>
    route.fulfill({ json: largeLineage() })
  );
  await openLineage(page);
  const group = tab.getByRole('group', { name: 'Lineage graph' });
  await expect(group).toBeVisible();
  // the server knows of nothing
  await find.fill('nowhere');
  await expect(found).toContainText('Nothing else is called so.');
  await expect(found.locator('[aria-busy=true]')).toHaveCount(0);
  await shoot(page, 'light', 'lineage-find-nothing');
  await page.route(/\/mlops\/lineage\/search\?/, route =>
    route.fulfill({ status: 503, json: { message: 'The store is away.' } })
  );
  await find.fill('step-0');
  await expect(found.getByRole('alert')).toContainText('The store is away.');
  await shoot(page, 'light', 'lineage-find-failed');
  await page.route(/\/mlops\/lineage\/search\?/, route =>
    route.fulfill({ json: FOUND })
  );
  await found.getByRole('button', { name: 'Retry' }).click();
  await expect(tab.getByText('1 found · 2 not drawn here')).toBeVisible();
  await shoot(page, 'light', 'lineage-find');
  await page.theme.setDarkTheme();
  await page.setViewportSize({ width: 500, height: 700 });
  await shoot(page, 'dark', 'lineage-find-narrow');
  await find.press('ArrowDown');
  const rows = found.getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(rows.last()).toHaveAccessibleName('Model version, step-0 v12');
  await expect(rows.last()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(
    tab.getByRole('heading', { name: 'Lineage of step-0/12' })
  ).toBeVisible();
});

const FOUND = {
  items: [
    ['notebook', 'step-0.ipynb', null],
    ['data', 'old/ver 한글/a long way down/customers of step-0.csv', null],
    ['version', 'step-0', 12]
  ].map(([kind, name, version]) => ({
    id: `${kind}:${name}${version ? `/${version}` : ''}`,
    kind,
    name,
    version
  })),
  cut: true
};

/**
 * 600 notebooks, each of which reads what two before it made; the first one 300 parts too.
 */
function largeLineage(): object {
  const nodes: object[] = [];
  const edges: object[] = [];
  const add = (kind: string, name: string) => {
    const id = `${kind}:${name}`;
    nodes.push({
      id,
      kind,
      name,
      state: 'current',
      changes: [],
      unchecked: [],
      hidden: false,
      ...(kind === 'data' && { data_kind: 'file' }),
      ...(kind === 'snapshot' && { status: 'FINISHED', run_id: name })
    });
    return id;
  };
  const link = (source: string, target: string, kind: string) =>
    edges.push({ source, target, kind });
  const made: string[] = [];
  for (let at = 0; at < 600; at++) {
    const notebook = add('notebook', `step-${at}.ipynb`);
    const snapshot = add('snapshot', `${at}`.padStart(64, '0'));
    link(notebook, snapshot, 'runs');
    for (const before of new Set([(7 * at) % 12, (5 * at) % 9])) {
      if (before < at) {
        link(made[at - 1 - before], notebook, 'reads');
      }
    }
    made.push(add('data', `made-${at}.csv`));
    link(snapshot, made[at], 'writes');
  }
  for (let part = 0; part < 300; part++) {
    link(
      add('data', `parts/part-${part}.csv`),
      'notebook:step-0.ipynb',
      'reads'
    );
  }
  return { start: null, cut: true, left_out: 1234, nodes, edges };
}

async function openLineage(page: IJupyterLabPageFixture): Promise<void> {
  await page.evaluate(() =>
    (window as any).jupyterapp.commands.execute('mlops:open-lineage')
  );
}
