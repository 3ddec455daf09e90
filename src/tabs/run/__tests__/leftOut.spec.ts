import type { INotebookContent } from '@jupyterlab/nbformat';
import { nullTranslator } from '@jupyterlab/translation';

import { withLeftOut } from '../leftOut';

describe('outputs that were left out', () => {
  it('are told in their place, the others stay', () => {
    const outputs = [{ output_type: 'stream', name: 'stdout', text: 'a' }];
    const cells = [
      { cell_type: 'code', metadata: { mlops_left_out: 52_400_000 } },
      { cell_type: 'code', metadata: {}, outputs },
      { cell_type: 'markdown', metadata: { mlops_left_out: 1 } }
    ];
    const content = { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
    const [first, second, third] = withLeftOut(
      content as unknown as INotebookContent,
      nullTranslator.load('mlops')
    ).cells;
    expect(JSON.stringify(first.outputs)).toContain('Output of 52.4 MB');
    expect(second.outputs).toBe(outputs);
    expect(third).toBe(cells[2]);
  });
});
