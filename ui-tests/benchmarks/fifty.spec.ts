import { writeFileSync } from 'node:fs';

import { expect, test } from '../tests/fixtures';

const ROUNDS = 6;

test('fifty snapshots', async ({ page }) => {
  test.setTimeout(300_000);
  const runIds = process.env.MLOPS_BENCH_IDS!.split(',');
  const rounds: { table: number; figures: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(await page.evaluate(open, runIds));
    await page.evaluate(() =>
      window.jupyterapp.commands.execute('application:close')
    );
    await expect(page.locator('.jp-MLOpsCompare')).toHaveCount(0);
  }
  // the first one loads the code too
  const counted = rounds.slice(1);
  const result = {
    table: counted.map(({ table }) => table),
    figures: counted.map(({ figures }) => figures)
  };
  writeFileSync(process.env.MLOPS_BENCH_RESULT!, JSON.stringify(result));
});

/**
 * Milliseconds from the command to a table of all columns, and from the click on `Figures` to the first picture.
 */
async function open(
  runIds: string[]
): Promise<{ table: number; figures: number }> {
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
  await seen(`.jp-MLOpsCompare-table tbody td:nth-child(${runIds.length + 1})`);
  const table = performance.now() - start;
  const clicked = performance.now();
  (await seen('.jp-MLOpsCompare [role=tab]:nth-child(3)')).click();
  await seen('.jp-MLOpsCompare-figures img');
  return { table, figures: performance.now() - clicked };
}
