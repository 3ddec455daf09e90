import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import * as React from 'react';

import type { IMLOps } from '../tokens';

/**
 * What every view may use; nothing of it is passed down as a property.
 */
export interface IMLOpsContext {
  mlops: IMLOps;
  commands: JupyterFrontEnd['commands'];
  editorServices: IEditorServices;

  /**
   * How texts are highlighted; without it they are plain.
   */
  languages?: IEditorLanguageRegistry | null;

  /**
   * The notebooks that are open; without it none is followed.
   */
  notebooks?: INotebookTracker | null;
  rendermime: IRenderMimeRegistry;
  state: IStateDB | null;
  trans: TranslationBundle;
}

export const MLOpsContext = React.createContext<IMLOpsContext | null>(null);

export function useMLOps(): IMLOpsContext {
  const context = React.useContext(MLOpsContext);
  if (context === null) {
    throw new Error('A view of MLOps was drawn outside of its context.');
  }
  return context;
}
