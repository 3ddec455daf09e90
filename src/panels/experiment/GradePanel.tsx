import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Grade, GradeReason } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { GradeDot, isMendable } from '../../components/GradeDot';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useGrade } from '../../hooks/notebook';

/**
 * The grade of the notebook as it stands, and the reasons why it is not better, each with the way to its cell.
 */
export function GradePanel(): JSX.Element {
  const { trans } = useMLOps();
  const { data, error, phase, ...grade } = useGradeState();
  return (
    <StateView
      phase={phase}
      error={error}
      retry={grade.retry}
      isEmpty={data === null}
    >
      {data && (
        <div className="jp-MLOpsGrade" aria-live="polite">
          <p>
            <GradeDot grade={data.grade} label />{' '}
            <span className="jp-MLOpsGrade-meaning">
              {meaning(data.grade, trans)}
            </span>
          </p>
          <Reasons reasons={data.reasons} />
          {data.grade !== 'clean' && isMendable(data.reasons) && <RunClean />}
        </div>
      )}
    </StateView>
  );
}

function useGradeState() {
  const grade = useGrade();
  const { data, error, phase } = grade;
  return { data, error, phase, retry: () => void grade.refresh() };
}

function Reasons(props: { reasons: GradeReason[] }): JSX.Element | null {
  const { commands, trans } = useMLOps();
  const { reasons } = props;
  return reasons.length === 0 ? null : (
    <ul className="jp-MLOpsList" aria-label={trans.__('Reasons')}>
      {reasons.map(({ cell_id: cellId, message }, index) => (
        <li key={index}>
          {cellId === null ? (
            <span className="jp-MLOpsGrade-reason">{message}</span>
          ) : (
            <button
              type="button"
              className="jp-MLOpsGrade-reason jp-mod-link"
              title={trans.__('Show the cell')}
              onClick={() =>
                void commands.execute(CommandIDs.showCells, {
                  cellIds: [cellId]
                })
              }
            >
              {message}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function RunClean(): JSX.Element {
  const { commands, trans } = useMLOps();
  return (
    <button
      type="button"
      className="jp-Button jp-mod-styled jp-mod-reject jp-MLOpsGrade-run"
      title={trans.__(
        'Restart the kernel, run all cells, then take a snapshot'
      )}
      onClick={() => void commands.execute(CommandIDs.runClean)}
    >
      {trans.__('Run clean')}
    </button>
  );
}

function meaning(grade: Grade, trans: TranslationBundle): string {
  switch (grade) {
    case 'clean':
      return trans.__('Every cell ran once, from top to bottom, as it stands.');
    case 'valid':
      return trans.__('A run from top to bottom would give the same results.');
    case 'stale':
      return trans.__('A run from top to bottom may give other results.');
    default:
      return trans.__('It cannot be told whether the results follow.');
  }
}
