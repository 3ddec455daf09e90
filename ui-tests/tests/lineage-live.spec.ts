import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';

import { expect, labTest as test } from './fixtures';
import { FOLDER, type Lab } from './lab';
import { activateNotebook, runAll } from './notebook';
import { shoot } from './screenshots';

test('what one tab does shows in the other one', async ({ lab, log, page }) => {
  const write = (text: string) =>
    writeFileSync(join(lab.root, FOLDER, 'in.csv'), text);
  write('1');
  writeChain(lab);
  const other = await page.context().newPage();
  await other.goto(`${lab.baseURL}/lab`);
  await openLineage(other);
  const graph = other.getByRole('group', { name: 'Lineage graph' });
  const card = (name: RegExp | string) => graph.getByRole('button', { name });
  const hint = graph.locator('.jp-MLOpsLineage-missed');
  const snapshot = async (name: string) => {
    await page.bringToFront();
    await page.notebook.openByPath(`${FOLDER}/${name}`);
    await activateNotebook(page, name);
    await runAll(page);
    await page.getByRole('button', { name: 'Snapshot', exact: true }).click();
    await expect(page.getByText('Snapshot saved').first()).toBeVisible();
    await other.bringToFront();
  };

  await test.step('a snapshot there is a card here, and the view follows', async () => {
    await expect(other.getByText('Nothing is known of it yet.')).toBeVisible();
    await expect(graph).toHaveCount(0);
    await snapshot('a.ipynb');
    await expect(card('Notebook, a.ipynb, current')).toBeInViewport();
    await expect(card('Data, in.csv, current')).toBeInViewport();
    await snapshot('b.ipynb');
    await expect(hint).toContainText('out of sight');
    await expect(card('Notebook, b.ipynb, current')).toBeInViewport();
    await graph.getByRole('button', { name: 'Show all of it' }).click();
    await expect(card('Data, b.csv, current')).toBeInViewport();
    await expect(hint).toBeEmpty();
    await shoot(other as IJupyterLabPageFixture, 'dark', 'lineage-follows');
  });

  await test.step('once it was moved it stays, and says what it does not show', async () => {
    const box = await graph.boundingBox();
    await other.mouse.move(box!.x + 30, box!.y + 30);
    await other.mouse.down();
    await other.mouse.move(box!.x + box!.width - 60, box!.y + 30, { steps: 5 });
    await other.mouse.up();
    await expect(card('Data, b.csv, current')).toHaveCount(0);
    await snapshot('c.ipynb');
    await expect(hint).toContainText('out of sight');
    await shoot(other as IJupyterLabPageFixture, 'dark', 'lineage-missed');
    await hint.getByRole('button', { name: 'Show' }).click();
    await expect(card('Notebook, c.ipynb, current')).toBeInViewport();
    await expect(hint).toBeEmpty();
    await graph.getByRole('button', { name: 'Show all of it' }).click();
    await expect(card('Data, b.csv, current')).toBeInViewport();
  });

  await test.step('so is a model that is registered, and all of it is followed', async () => {
    await snapshot('d.ipynb');
    await expect(card('Data, d.csv, current')).toBeInViewport();
    const { runs } = await log('runs/search', {
      experiment_ids: ['0'],
      max_results: 1
    });
    await log('registered-models/create', { name: 'churn' });
    await log('model-versions/create', {
      name: 'churn',
      source: `runs:/${runs[0].info.run_id}/model`,
      run_id: runs[0].info.run_id
    });
    await expect(card('Model version, churn v1, current')).toBeInViewport();
  });

  await test.step('of two that run what is stale at once one does, and both show it', async () => {
    write('C');
    // the first one runs on until the second one is refused
    const hold = join(lab.root, FOLDER, 'hold');
    writeFileSync(hold, '');
    await openLineage(page);
    for (const one of [page, other]) {
      await one.bringToFront();
      await one.getByRole('tab', { name: 'Stale (5)' }).click();
    }
    await Promise.all(
      [page, other].map(one =>
        one.getByRole('button', { name: 'Run stale notebooks' }).click()
      )
    );
    const refused = [page, other].map(one =>
      one.getByText('are being run already').first()
    );
    await expect(async () => {
      const seen = await Promise.all(refused.map(each => each.isVisible()));
      expect(seen.filter(each => each)).toHaveLength(1);
    }).toPass({ timeout: 240_000 });
    rmSync(hold);
    for (const one of [page, other]) {
      await one.bringToFront();
      await expect(
        one.getByText('2 of 4 · failed', { exact: true })
      ).toBeVisible({ timeout: 240_000 });
      const told = (name: string) =>
        one
          .locator('.jp-MLOpsTab:visible')
          .getByRole('listitem')
          .filter({ hasText: `${name}.ipynb` })
          .first();
      await expect(told('b')).toContainText('finished');
      await expect(told('c')).toContainText('failed: Cell 1: AssertionError');
      await expect(told('d')).toContainText('c.ipynb did not finish');
      await expect(one.getByRole('tab', { name: 'Stale (3)' })).toBeVisible();
    }
    await shoot(page, 'light', 'rerun-failed');
  });

  await test.step('a restart of the server does not forget it', async () => {
    await lab.stop();
    await lab.start();
    await other.reload();
    await openLineage(other);
    await other.getByRole('tab', { name: 'Stale (3)' }).click();
    await expect(
      other.getByText('2 of 4 · failed', { exact: true })
    ).toBeVisible();
  });

  await test.step('a card is run again with all that it needs, and is current', async () => {
    write('in order');
    await other.getByRole('tab', { name: 'Graph' }).click();
    await graph.getByRole('button', { name: 'Show all of it' }).click();
    const last = card(/^Notebook, d.ipynb, stale/);
    await expect(card(/^Data, in.csv, stale/)).toBeVisible();
    await expect(last).toBeVisible();
    const runs = card(/^Snapshot, .* current$/);
    await expect(runs).toHaveCount(0);
    await last.click({ button: 'right' });
    const again = other.getByRole('menuitem', {
      name: 'Run Again, with What It Needs'
    });
    await expect(again).toBeVisible();
    await shoot(other as IJupyterLabPageFixture, 'dark', 'lineage-card-menu');
    await again.click();
    await expect(
      other.getByText('4 stale notebooks are being run').first()
    ).toBeVisible();
    await expect(card('Notebook, d.ipynb, current')).toBeInViewport({
      timeout: 240_000
    });
    await expect(runs).toHaveCount(4);
    await expect(card(/^Notebook, .*stale/)).toHaveCount(0);
    expect(readFileSync(join(lab.root, FOLDER, 'd.csv'), 'utf8')).toBe(
      'in orderabin orderacd'
    );
    await shoot(other as IJupyterLabPageFixture, 'dark', 'lineage-again');
  });
});

/**
 * a makes what b and c read, and d reads what these make; c does not take everything.
 */
function writeChain(lab: Lab): void {
  const copy = (reads: string[], writes: string) =>
    [
      'import os, time',
      "while os.path.exists('hold'): time.sleep(0.1)",
      `texts = [open(name).read() for name in ${JSON.stringify(reads)}]`,
      `assert '${writes.toUpperCase()}' not in texts[0]`,
      `with open('${writes}.csv', 'w') as file:`,
      `    file.write(''.join(texts) + '${writes}')`
    ].join('\n');
  const chain: [string, string[]][] = [
    ['a', ['in.csv']],
    ['b', ['a.csv']],
    ['c', ['a.csv']],
    ['d', ['b.csv', 'c.csv']]
  ];
  for (const [name, reads] of chain) {
    const cell = {
      cell_type: 'code',
      id: 'cell0',
      execution_count: null,
      metadata: {},
      outputs: [],
      source: copy(reads, name)
    };
    const kernelspec = {
      name: 'python3',
      display_name: 'Python 3',
      language: 'python'
    };
    writeFileSync(
      join(lab.root, FOLDER, `${name}.ipynb`),
      JSON.stringify({
        cells: [cell],
        metadata: { kernelspec },
        nbformat: 4,
        nbformat_minor: 5
      })
    );
  }
}

async function openLineage(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      (window as any).jupyterapp?.commands?.hasCommand('mlops:open-lineage') ??
      false
  );
  await page.evaluate(() =>
    (window as any).jupyterapp.commands.execute('mlops:open-lineage')
  );
}
