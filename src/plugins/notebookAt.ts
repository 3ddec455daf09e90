import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { refuse } from '../commands/notify';

/**
 * The open notebook that a command is about: the one at the path if one is given, else the current one. Where it was
 * closed meanwhile that is said.
 */
export function notebookAt(
  tracker: INotebookTracker,
  path: unknown,
  trans: TranslationBundle
): NotebookPanel | null {
  if (typeof path !== 'string') {
    return tracker.currentWidget;
  }
  const found = tracker.find(({ context }) => context.localPath === path);
  return found ?? refuse(trans.__('%1 is not open. Open it first.', path));
}
