import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Rerun, RerunStep } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { RelativeTime } from '../../components/RelativeTime';
import { notifying } from '../../commands/notify';
import { rerunStale } from '../../commands/rerunStale';
import { useMLOps } from '../../hooks/context';
import { useLooks } from '../../hooks/looks';
import { useRequest } from '../../hooks/request';

const LOOK_MS = 1_000;

/**
 * Runs the stale notebooks again in their order, and shows how far that is; with the way to stop it.
 */
export function RerunBar(props: {
  count: number;

  /**
   * Counts the times at which somebody else may have begun or stopped one.
   */
  changes: number;
}): JSX.Element | null {
  const { mlops, trans } = useMLOps();
  const { client } = mlops;
  const [isRunning, setRunning] = React.useState(false);
  const [looks, look] = useLooks(isRunning, LOOK_MS);
  const { data } = useRequest(() => client.reruns(), [looks, props.changes]);
  const newest = data?.items[0] ?? null;
  React.useEffect(() => {
    setRunning(newest?.state === 'running');
  }, [newest]);
  const start = async () => {
    await rerunStale(mlops);
    look();
  };
  const stop = async (id: string) => {
    await notifying(() => client.stopRerun(id), {
      pending: trans.__('Stopping…'),
      done: () => ({ message: trans.__('Stopped') }),
      failed: reason => trans.__('Not stopped: %1', reason)
    });
    look();
  };
  return (
    <div className="jp-MLOpsRerun">
      {newest?.state === 'running' ? (
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-warn"
          onClick={() => void stop(newest.rerun_id)}
        >
          {trans.__('Cancel')}
        </button>
      ) : (
        props.count > 0 && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-accept"
            onClick={() => void start()}
          >
            {trans.__('Run stale notebooks')}
          </button>
        )
      )}
      {newest && newest.steps.length > 0 && <Progress rerun={newest} />}
    </div>
  );
}

function Progress(props: { rerun: Rerun }): JSX.Element {
  const { trans } = useMLOps();
  const { author, created_at: begun, state, steps } = props.rerun;
  const done = steps.filter(step =>
    ['finished', 'unchanged'].includes(step.state)
  ).length;
  return (
    <>
      <p role="status">
        <progress
          max={steps.length}
          value={done}
          aria-label={trans.__('Notebooks run')}
        />{' '}
        {trans.__('%1 of %2', done, steps.length)}
        {state !== 'running' && ` · ${rerunWord(state, trans)}`}
      </p>
      <p className="jp-MLOpsStale-why">
        {trans.__('Begun by %1', author)} <RelativeTime value={begun} />
      </p>
      <ul className="jp-MLOpsLineage-branch">
        {steps.map(step => (
          <Step key={step.notebook_path} step={step} />
        ))}
      </ul>
    </>
  );
}

function Step(props: { step: RerunStep }): JSX.Element {
  const { commands, trans } = useMLOps();
  const { message, notebook_path: path, run_id: runId, state } = props.step;
  return (
    <li className="jp-MLOpsLineage-row">
      <span className={`jp-MLOpsDot jp-mod-${stepColour(state)}`}>
        {stepShape(state)}
      </span>
      {runId === null ? (
        <span>{path}</span>
      ) : (
        <button
          type="button"
          className="jp-MLOpsLineage-link"
          onClick={() => void commands.execute(CommandIDs.openRun, { runId })}
        >
          {path}
        </button>
      )}
      <span className="jp-MLOpsStale-why">
        {stepWord(state, trans)}
        {message && `: ${message}`}
      </span>
    </li>
  );
}

function rerunWord(state: Rerun['state'], trans: TranslationBundle): string {
  switch (state) {
    case 'finished':
      return trans.__('finished');
    case 'stopped':
      return trans.__('stopped');
    default:
      return trans.__('failed');
  }
}

function stepWord(state: RerunStep['state'], trans: TranslationBundle): string {
  switch (state) {
    case 'waiting':
      return trans.__('waiting');
    case 'running':
      return trans.__('running');
    case 'finished':
      return trans.__('finished');
    case 'unchanged':
      return trans.__('not run: its inputs came out as they were');
    case 'skipped':
      return trans.__('skipped');
    case 'stopped':
      return trans.__('stopped');
    default:
      return trans.__('failed');
  }
}

function stepShape(state: RerunStep['state']): string {
  switch (state) {
    case 'running':
      return '⟳';
    case 'finished':
    case 'unchanged':
      return '✓';
    case 'failed':
      return '✕';
    default:
      return '○';
  }
}

function stepColour(state: RerunStep['state']): string {
  switch (state) {
    case 'running':
      return 'pending';
    case 'finished':
    case 'unchanged':
      return 'running';
    case 'failed':
      return 'failed';
    default:
      return 'unknown';
  }
}
