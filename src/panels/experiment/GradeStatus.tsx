import { PathExt } from '@jupyterlab/coreutils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { CommandIDs } from '../../commands/ids';
import { GradeDot, gradeName } from '../../components/GradeDot';
import type { IMLOpsContext } from '../../hooks/context';
import { MLOpsContext, useMLOps } from '../../hooks/context';
import type { INotebookContext } from '../../hooks/notebook';
import { NotebookContext, useGrade, useNotebook } from '../../hooks/notebook';

/**
 * The item of the status bar: the current notebook's grade. A click opens the sidebar `Experiment`.
 */
export class GradeStatus extends ReactWidget {
  constructor(
    private _context: IMLOpsContext,
    private _beside: INotebookContext
  ) {
    super();
  }

  protected render(): JSX.Element {
    return (
      <MLOpsContext.Provider value={this._context}>
        <NotebookContext.Provider value={this._beside}>
          <GradeButton />
        </NotebookContext.Provider>
      </MLOpsContext.Provider>
    );
  }
}

export function GradeButton(): JSX.Element | null {
  const { commands, trans } = useMLOps();
  const notebook = useNotebook();
  const { data } = useGrade();
  if (notebook === null || data === null) {
    return null;
  }
  const name = PathExt.basename(notebook.path);
  const label = trans.__(
    'Experiment %1: grade %2',
    name,
    gradeName(data.grade, trans)
  );
  const reason = data.reasons[0]?.message;
  return (
    <button
      type="button"
      className="jp-MLOpsStatus"
      aria-label={label}
      title={reason ? `${label}. ${reason}` : label}
      onClick={() => void commands.execute(CommandIDs.openExperiment)}
    >
      <GradeDot grade={data.grade} label />
    </button>
  );
}
