import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { expect, type IJupyterLabPageFixture } from '@jupyterlab/galata';

const FOLDER = process.env.MLOPS_SCREENSHOTS
  ? resolve(process.env.MLOPS_SCREENSHOTS)
  : resolve(__dirname, '../test-results/screenshots');

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// what is ours in the page, and in it what is JupyterLab's: notebooks, outputs, editors
const OURS = [
  '.jp-MLOpsTab',
  '.jp-MLOpsSection',
  '.jp-MLOpsFolding',
  '.jp-MLOpsForm'
];
const THEIRS = ['.jp-Notebook', '.jp-OutputArea', '.cm-editor'];

/**
 * Keeps a picture for people to look at, and has axe look at what is ours in the page. The picture is not compared: one
 * that nobody looks at proves nothing.
 */
export async function shoot(
  page: IJupyterLabPageFixture,
  theme: string,
  name: string
): Promise<void> {
  await page.screenshot({ path: `${FOLDER}/${name}-${theme}.png` });
  expect.soft(await violations(page), `${name}, ${theme}`).toEqual([]);
}

/**
 * The rules of accessibility that something of ours breaks, and where.
 */
async function violations(page: IJupyterLabPageFixture): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(
    async ({ exclude, include }) => {
      const isSeen = (selector: string) =>
        [...document.querySelectorAll(selector)].some(
          node => node.getClientRects().length > 0
        );
      const seen = include.filter(isSeen);
      if (seen.length === 0) {
        return [];
      }
      const found = await (window as any).axe.run(
        { include: seen, exclude },
        { resultTypes: ['violations'] }
      );
      return found.violations.flatMap((rule: any) =>
        rule.nodes.map(
          (node: any) =>
            `${rule.id}: ${node.target} ${node.html.slice(0, 120)} ${node.any[0]?.message ?? ''}`
        )
      );
    },
    { include: OURS, exclude: THEIRS }
  );
}
