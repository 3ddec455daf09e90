import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/**
 * A section of the sidebar. What is remembered of it goes by its name.
 */
export interface IExperimentSection {
  name: string;
  title: string;
  /** Its accessible name, where the title alone is also the name of a region elsewhere in the page. */
  label?: string;
  View: React.ComponentType;
}

const DataPanel = React.lazy(async () => ({
  default: (await import('./DataPanel')).DataPanel
}));
const GradePanel = React.lazy(async () => ({
  default: (await import('./GradePanel')).GradePanel
}));
const LiveModelsPanel = React.lazy(async () => ({
  default: (await import('./LiveModelsPanel')).LiveModelsPanel
}));
const ParametersPanel = React.lazy(async () => ({
  default: (await import('./ParametersPanel')).ParametersPanel
}));
const ResultsPanel = React.lazy(async () => ({
  default: (await import('./ResultsPanel')).ResultsPanel
}));
const TimelinePanel = React.lazy(async () => ({
  default: (await import('./TimelinePanel')).TimelinePanel
}));

/**
 * The sections of the sidebar `Experiment`, from top to bottom. Each is drawn only while a notebook is open, and finds
 * it by `useNotebook`.
 */
export function experimentSections(
  trans: TranslationBundle
): IExperimentSection[] {
  return [
    { name: 'grade', title: trans.__('Grade'), View: GradePanel },
    {
      name: 'parameters',
      title: trans.__('Parameters'),
      label: trans.__('Parameters of the notebook'),
      View: ParametersPanel
    },
    { name: 'results', title: trans.__('Results found'), View: ResultsPanel },
    { name: 'data', title: trans.__('Data'), View: DataPanel },
    { name: 'models', title: trans.__('Models alive'), View: LiveModelsPanel },
    { name: 'timeline', title: trans.__('Timeline'), View: TimelinePanel }
  ];
}
