import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ISection } from '../section';

const DataPanel = React.lazy(async () => ({
  default: (await import('./DataPanel')).DataPanel
}));
const GradePanel = React.lazy(async () => ({
  default: (await import('./GradePanel')).GradePanel
}));

const TimelinePanel = React.lazy(async () => ({
  default: (await import('./TimelinePanel')).TimelinePanel
}));

/**
 * The sections of the sidebar `Experiment`, from top to bottom. Each is drawn only while a notebook is open, and finds
 * it by `useNotebook`.
 */
export function experimentSections(trans: TranslationBundle): ISection[] {
  return [
    { title: trans.__('Grade'), View: GradePanel },
    { title: trans.__('Data'), View: DataPanel },
    { title: trans.__('Timeline'), View: TimelinePanel }
  ];
}
