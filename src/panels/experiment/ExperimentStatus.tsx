import { PathExt } from '@jupyterlab/coreutils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { CommandIDs } from '../../commands/ids';
import { GradeDot, gradeName } from '../../components/GradeDot';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import type { IMLOpsContext } from '../../hooks/context';
import { MLOpsContext, useMLOps } from '../../hooks/context';
import type { INotebookContext } from '../../hooks/notebook';
import {
  NotebookContext,
  useExperiment,
  useGrade,
  useNotebook
} from '../../hooks/notebook';
import { experimentIcon } from '../../icons';

/**
 * The item of the status bar: the experiment of the current notebook, and its grade. A click leads to the runs of the
 * one, and to the sidebar `Experiment` for the other.
 */
export class ExperimentStatus extends ReactWidget {
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
          <div className="jp-MLOpsStatus">
            <ExperimentButton />
            <GradeButton />
          </div>
        </NotebookContext.Provider>
      </MLOpsContext.Provider>
    );
  }
}

export function ExperimentButton(): JSX.Element | null {
  const { commands, trans } = useMLOps();
  const notebook = useNotebook();
  const { data } = useExperiment();
  if (notebook === null || data === null) {
    return null;
  }
  const { experiment_id: experimentId, experiment_name: name } = data;
  return (
    <button
      type="button"
      className="jp-MLOpsStatus-button"
      aria-label={trans.__('Show the runs of the experiment %1', name)}
      title={trans.__('Experiment: %1\nShow its runs', name)}
      onClick={() =>
        void commands.execute(CommandIDs.showRuns, { experimentId })
      }
    >
      <experimentIcon.react tag="span" elementSize="normal" />
      <MiddleEllipsis text={name} title="" />
    </button>
  );
}

function GradeButton(): JSX.Element | null {
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
      className="jp-MLOpsStatus-button"
      aria-label={label}
      title={reason ? `${label}. ${reason}` : label}
      onClick={() => void commands.execute(CommandIDs.openExperiment)}
    >
      <GradeDot grade={data.grade} label />
    </button>
  );
}
