import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import * as React from 'react';

import { useMLOps } from './context';

/**
 * A notebook as far as it is open in the browser.
 */
export interface IOpenNotebook {
  context: DocumentRegistry.Context | null;

  /**
   * Whether it has changes that are not on the disk.
   */
  isDirty: boolean;

  /**
   * How often it became another one since it is watched: written, edited until a pause, closed.
   */
  changes: number;
}

const PAUSE_MS = 1000;

/**
 * Follows the notebook at a path of Jupyter's, which may be opened and closed meanwhile.
 */
export function useOpenNotebook(path: string | null): IOpenNotebook {
  const tracker = useMLOps().notebooks ?? null;
  const [context, setContext] = React.useState<DocumentRegistry.Context | null>(
    null
  );
  const [changes, countChange] = React.useReducer(increased, 0);
  const [, redraw] = React.useReducer(increased, 0);
  React.useEffect(() => {
    const look = () => setContext(contextAt(tracker, path));
    look();
    tracker?.widgetAdded.connect(look);
    tracker?.widgetUpdated.connect(look);
    return () => {
      tracker?.widgetAdded.disconnect(look);
      tracker?.widgetUpdated.disconnect(look);
    };
  }, [tracker, path]);
  React.useEffect(() => {
    let pause: number | undefined;
    const onEdit = () => {
      window.clearTimeout(pause);
      pause = window.setTimeout(countChange, PAUSE_MS);
    };
    const onSave = (_: unknown, state: DocumentRegistry.SaveState) => {
      if (state === 'completed') {
        window.clearTimeout(pause);
        countChange();
      }
    };
    const onClose = () => {
      setContext(null);
      countChange();
    };
    context?.model.contentChanged.connect(onEdit);
    context?.saveState.connect(onSave);
    context?.model.stateChanged.connect(redraw);
    context?.disposed.connect(onClose);
    return () => {
      window.clearTimeout(pause);
      context?.model.contentChanged.disconnect(onEdit);
      context?.saveState.disconnect(onSave);
      context?.model.stateChanged.disconnect(redraw);
      context?.disposed.disconnect(onClose);
    };
  }, [context]);
  return { context, isDirty: context?.model.dirty ?? false, changes };
}

/**
 * The notebook that is open at a path of Jupyter's, `null` where none is.
 */
export function contextAt(
  tracker: INotebookTracker | null,
  path: string | null
): DocumentRegistry.Context | null {
  const isThere = ({ context }: NotebookPanel) => context.localPath === path;
  return (path !== null && tracker?.find(isThere)?.context) || null;
}

function increased(count: number): number {
  return count + 1;
}
