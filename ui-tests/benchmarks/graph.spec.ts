import { writeFileSync } from 'node:fs';

import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

import { expect, test } from '../tests/fixtures';

const ROUNDS = 5;
const STEPS = 60;
// cards are read in three steps: 150, 300, 600
const MORE = 2;

test('a lineage graph of hundreds of cards', async ({ page }) => {
  test.setTimeout(600_000);
  const graph = page.getByRole('group', { name: 'Lineage graph' });
  const opened: number[] = [];
  const blocked: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const [time, hold] = await page.evaluate(open);
    opened.push(time);
    blocked.push(hold);
    await expect(graph).toBeVisible();
    if (round < ROUNDS) {
      await page.evaluate(() =>
        window.jupyterapp.commands.execute('application:close')
      );
      await expect(graph).toHaveCount(0);
    }
  }
  await page.evaluate(watchHolds);
  for (let time = 0; time < MORE; time++) {
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.waitForLoadState('networkidle');
  }
  await page.getByRole('button', { name: 'Show all of it' }).click();
  // all are laid out; of these the ones in sight are drawn
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0);
  const buttons = graph.locator('.jp-MLOpsCard');
  blocked.push(await page.evaluate(() => window.longestHold));
  const panned = await frames(page, async (x, y) => {
    await page.mouse.down();
    for (let step = 0; step < STEPS; step++) {
      await page.mouse.move(x + 4 * (step % 30), y + 2 * (step % 30));
    }
    await page.mouse.up();
  });
  const zoomed = await frames(page, async () => {
    for (let step = 0; step < STEPS; step++) {
      await page.mouse.wheel(0, step < STEPS / 2 ? -60 : 60);
    }
  });
  const result = {
    drawn: await buttons.count(),
    opened: opened.slice(1),
    blocked: blocked.slice(1),
    panned,
    zoomed
  };
  writeFileSync(process.env.MLOPS_BENCH_RESULT!, JSON.stringify(result));
});

declare global {
  interface Window {
    longestHold: number;
    frameTimes: number[];
  }
}

/**
 * Milliseconds from the command to the first card, and the longest that nothing else could happen.
 */
async function open(): Promise<[number, number]> {
  const start = performance.now();
  let longest = 0;
  const observer = new PerformanceObserver(list => {
    longest = Math.max(longest, ...list.getEntries().map(one => one.duration));
  });
  observer.observe({ type: 'longtask' });
  void window.jupyterapp.commands.execute('mlops:open-lineage');
  await new Promise<void>(done => {
    const look = () =>
      document.querySelector('.jp-MLOpsCard')
        ? requestAnimationFrame(() => done())
        : requestAnimationFrame(look);
    look();
  });
  const time = performance.now() - start;
  await new Promise(later => setTimeout(later, 200));
  observer.disconnect();
  return [time, longest];
}

function watchHolds(): void {
  window.longestHold = 0;
  new PerformanceObserver(list => {
    const held = list.getEntries().map(one => one.duration);
    window.longestHold = Math.max(window.longestHold, ...held);
  }).observe({ type: 'longtask' });
}

/**
 * Milliseconds of each frame while the mouse does something in the middle of the graph's empty space.
 */
async function frames(
  page: IJupyterLabPageFixture,
  act: (x: number, y: number) => Promise<void>
): Promise<number[]> {
  const box = await page.locator('.react-flow__pane').boundingBox();
  const [x, y] = [box!.x + 12, box!.y + 12];
  await page.mouse.move(x, y);
  await page.evaluate(() => {
    window.frameTimes = [];
    let last = performance.now();
    const next = (now: number) => {
      window.frameTimes.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await act(x, y);
  return page.evaluate(() => window.frameTimes.slice(1));
}
