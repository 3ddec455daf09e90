import { test } from '../tests/fixtures';
import { keep, rounds } from './comparing';

test('two notebooks of 5 MB', async ({ page }) => {
  test.setTimeout(300_000);
  const times = await rounds(page, () => ({
    table: '.jp-MLOpsCompare-table tbody',
    tab: '.jp-MLOpsCompare [role=tab]:nth-child(2)',
    // the first text with its changes marked
    content: '.jp-MLOpsCells .cm-changedText'
  }));
  keep({
    table: times.map(({ table }) => table),
    cells: times.map(({ content }) => content),
    total: times.map(({ table, content }) => table + content)
  });
});
