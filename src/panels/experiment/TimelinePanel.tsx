import * as React from 'react';

import { useNotebook } from '../../hooks/notebook';
import { NotebookTimeline } from '../../tabs/history/NotebookTimeline';

/**
 * The snapshots of the current notebook, wherever it was moved to.
 */
export function TimelinePanel(): JSX.Element | null {
  const notebook = useNotebook();
  return notebook && <NotebookTimeline path={notebook.path} />;
}
