import type { INotebookContent } from '@jupyterlab/nbformat';
import { isCode } from '@jupyterlab/nbformat';
import type { TranslationBundle } from '@jupyterlab/translation';

import { formatBytes } from '../../components/size';

/**
 * Bytes of outputs that a page shows of a notebook; what goes beyond would only make it stand still.
 */
export const OUTPUTS_LIMIT = 16 * 1024 * 1024;

// where the server says how many bytes of outputs a cell had
const LEFT_OUT = 'mlops_left_out';

/**
 * The notebook with a sentence in the place of outputs that were too large to be sent.
 */
export function withLeftOut(
  content: INotebookContent,
  trans: TranslationBundle
): INotebookContent {
  return {
    ...content,
    cells: content.cells.map(cell => {
      const size = cell.metadata[LEFT_OUT];
      if (!isCode(cell) || typeof size !== 'number') {
        return cell;
      }
      const text = trans.__(
        'Output of %1 is not shown here. Restore the snapshot to see it.',
        formatBytes(size)
      );
      return {
        ...cell,
        outputs: [{ output_type: 'stream', name: 'stderr', text }]
      };
    })
  };
}
