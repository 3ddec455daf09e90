import type { INotebookContent } from '@jupyterlab/nbformat';

import type { CellRun } from '../../../api/types';
import { asItRan, ranAsItStands } from '../order';

const CONTENT = {
  cells: [
    { cell_type: 'markdown', id: 'm', source: '# Title', metadata: {} },
    code('a', 'x = 2', ['two']),
    code('b', ['print', '(x)'], ['one']),
    code('empty', ' \n', [])
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5
} as unknown as INotebookContent;

function code(id: string, source: string | string[], outputs: unknown[]) {
  return { cell_type: 'code', id, source, outputs, metadata: {} };
}

function ran(...ids: (string | null)[]): CellRun[] {
  return ids.map((id, index) => ({
    cell_id: id,
    execution_count: index + 1,
    source: `source ${index}`,
    status: 'ok',
    failed_line: null,
    started_at: null,
    duration_seconds: null
  }));
}

describe('the order of a notebook', () => {
  it('is that of the document where each cell ran once from top to bottom', () => {
    expect(ranAsItStands(CONTENT, ran('a', 'b'))).toBe(true);
    expect(ranAsItStands(CONTENT, ran('b', 'a'))).toBe(false);
    expect(ranAsItStands(CONTENT, ran('a', 'b', 'b'))).toBe(false);
    expect(ranAsItStands(CONTENT, ran('a'))).toBe(false);
  });

  it('as it ran has each run with its source, and outputs at the last', () => {
    const { cells } = asItRan(CONTENT, ran('a', 'gone', 'a', 'b', null));
    expect(
      cells.map(({ execution_count: count, outputs, source }) => [
        count,
        source,
        outputs
      ])
    ).toEqual([
      [1, 'source 0', []],
      [2, 'source 1', []],
      [3, 'source 2', ['two']],
      [4, 'source 3', ['one']],
      [5, 'source 4', []]
    ]);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(5);
  });
});
