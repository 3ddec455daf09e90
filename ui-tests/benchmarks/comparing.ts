import { writeFileSync } from 'node:fs';

import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

import { expect } from '../tests/fixtures';

const ROUNDS = 6;

/**
 * What is waited for, as selectors: the table, then a tab that is clicked, then something in it.
 */
interface ISeen {
  table: string;
  tab: string;
  content: string;
}

/**
 * Milliseconds from the command to the table, and from the click on the tab to its content.
 */
interface ITimes {
  table: number;
  content: number;
}

/**
 * Open a comparison of `MLOPS_BENCH_IDS` and close it again, some times.
 */
export async function rounds(
  page: IJupyterLabPageFixture,
  seen: (ids: string[]) => ISeen
): Promise<ITimes[]> {
  const runIds = process.env.MLOPS_BENCH_IDS!.split(',');
  const times: ITimes[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(await page.evaluate(open, { runIds, ...seen(runIds) }));
    await page.evaluate(() =>
      window.jupyterapp.commands.execute('application:close')
    );
    await expect(page.locator('.jp-MLOpsCompare')).toHaveCount(0);
  }
  // the first one loads the code too
  return times.slice(1);
}

/**
 * Write down what was measured, where the Python part looks for it.
 */
export function keep(result: Record<string, number[]>): void {
  writeFileSync(process.env.MLOPS_BENCH_RESULT!, JSON.stringify(result));
}

async function open({
  runIds,
  table,
  tab,
  content
}: ISeen & { runIds: string[] }): Promise<ITimes> {
  const seen = (selector: string) =>
    new Promise<HTMLElement>(done => {
      const look = () => {
        const node = document.querySelector<HTMLElement>(selector);
        requestAnimationFrame(node ? () => done(node) : look);
      };
      look();
    });
  const start = performance.now();
  void window.jupyterapp.commands.execute('mlops:compare-runs', { runIds });
  await seen(table);
  const shown = performance.now();
  (await seen(tab)).click();
  await seen(content);
  return { table: shown - start, content: performance.now() - shown };
}
