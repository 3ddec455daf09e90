import type { NotebookPanel } from '@jupyterlab/notebook';
import * as React from 'react';

import type { CurrentNotebook } from '../services/currentNotebook';
import type { LiveData } from '../services/liveData';
import type { LiveExperiment } from '../services/liveExperiment';
import type { LiveGrade } from '../services/liveGrade';
import type { LiveReading } from '../services/liveReading';
import { useRedraw } from './signal';

/**
 * What the views beside a notebook may use besides `IMLOpsContext`.
 */
export interface INotebookContext {
  notebook: CurrentNotebook;
  grade: LiveGrade;
  data: LiveData;
  experiment: LiveExperiment;
}

export const NotebookContext = React.createContext<INotebookContext | null>(
  null
);

/**
 * The current notebook: the panel and the path by which the server knows it; `null` while none is open.
 */
export function useNotebook(): { panel: NotebookPanel; path: string } | null {
  const { notebook } = useNotebookContext();
  useRedraw(notebook.changed);
  const { panel, path } = notebook;
  return panel && path !== null ? { panel, path } : null;
}

/**
 * The grade of the current notebook; the component is drawn again when it changes.
 */
export function useGrade(): LiveGrade {
  return useReading(useNotebookContext().grade);
}

/**
 * The data of the current notebook; the component is drawn again when it changes.
 */
export function useLiveData(): LiveData {
  return useReading(useNotebookContext().data);
}

/**
 * What the current notebook has found out; the component is drawn again when it changes.
 */
export function useExperiment(): LiveExperiment {
  return useReading(useNotebookContext().experiment);
}

function useReading<R extends LiveReading<unknown>>(reading: R): R {
  useRedraw(reading.changed);
  return reading;
}

function useNotebookContext(): INotebookContext {
  const context = React.useContext(NotebookContext);
  if (context === null) {
    throw new Error('A view of the notebook was drawn outside of its context.');
  }
  return context;
}
