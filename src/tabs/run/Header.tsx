import * as React from 'react';

import { CopyButton } from '../../components/CopyButton';
import { GradeDot } from '../../components/GradeDot';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { RelativeTime } from '../../components/RelativeTime';
import { RunMark, runWord } from '../../components/RunMark';
import { CommandIDs } from '../../commands/ids';
import { useMLOps } from '../../hooks/context';
import { originWord } from '../history/words';
import { Actions } from './Actions';
import { Underway } from './Underway';
import type { IDetail } from './useDetail';

const SHORT_ID = 8;

/**
 * What a run is, when and by whom, and what can be done with it.
 */
export function Header(props: IDetail): JSX.Element {
  const { trans } = useMLOps();
  const { run, snapshot } = props;
  const { author, name, notebook_path: path } = run;
  return (
    <div className="jp-MLOpsRun-header">
      <h2>
        <MiddleEllipsis text={name} title={path ?? name} />
      </h2>
      {run.status === 'FINISHED' ? (
        <GradeDot grade={run.grade} label />
      ) : (
        <span>
          <RunMark run={run} /> {runWord(run, trans)}
        </span>
      )}
      <Underway run={run} />
      <span className="jp-MLOpsRun-origin">
        <RelativeTime value={run.started_at} /> {trans.__('by %1', author)}
        {snapshot && ` · ${originWord(snapshot.origin, trans)}`}
        {snapshot && (
          <span>
            {trans.__('snapshot')}{' '}
            <code title={snapshot.id}>{snapshot.id.slice(0, SHORT_ID)}</code>
            <CopyButton text={snapshot.id} label={trans.__('snapshot id')} />
          </span>
        )}
      </span>
      <Actions {...props} />
      <Standing {...props} />
    </div>
  );
}

/**
 * Says where this is not what its run shows now.
 */
function Standing({ isEarlier, run, snapshot }: IDetail): JSX.Element | null {
  const { commands, trans } = useMLOps();
  const { run_id: runId } = run;
  if (snapshot?.deleted) {
    return <p>{trans.__('This snapshot was deleted.')}</p>;
  }
  if (run.lifecycle_stage === 'deleted') {
    return <p>{trans.__('This run was deleted.')}</p>;
  }
  return isEarlier ? (
    <p>
      {trans.__('The run has a newer snapshot.')}{' '}
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-minimal"
        onClick={() => void commands.execute(CommandIDs.openRun, { runId })}
      >
        {trans.__('Open it')}
      </button>
    </p>
  ) : null;
}
