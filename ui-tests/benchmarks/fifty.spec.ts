import { test } from '../tests/fixtures';
import { keep, rounds } from './comparing';

test('fifty snapshots', async ({ page }) => {
  test.setTimeout(300_000);
  const times = await rounds(page, ids => ({
    // all columns, one of which says what the row is
    table: `.jp-MLOpsCompare-table tbody td:nth-child(${ids.length + 1})`,
    tab: '.jp-MLOpsCompare [role=tab]:nth-child(3)',
    content: '.jp-MLOpsCompare-figures img'
  }));
  keep({
    table: times.map(({ table }) => table),
    figures: times.map(({ content }) => content)
  });
});
