import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Run } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { useMLOps } from '../../hooks/context';
import { useLooks } from '../../hooks/looks';
import { useRequest } from '../../hooks/request';
import type { IUnderway } from '../../services/underway';
import { isHeadless, underway } from '../../services/underway';

const LOOK_MS = 1_000;

/**
 * How far a run is that the server has begun, and the way to stop it; nothing of any other.
 */
export function Underway({ run }: { run: Run }): JSX.Element | null {
  const { commands, mlops, trans } = useMLOps();
  const { run_id: runId } = run;
  const isOn = isHeadless(run);
  const [looks] = useLooks(isOn, LOOK_MS);
  const [isStopping, setStopping] = React.useState(false);
  const { data } = useRequest(
    async () => (isOn ? underway(mlops.client, run) : null),
    [runId, isOn, looks]
  );
  const progress = data && progressOf(data, trans);
  if (!isOn || !progress) {
    return null;
  }
  const stop = async () => {
    setStopping(true);
    // it takes a moment to end what is being stopped
    setStopping(await commands.execute(CommandIDs.stopRun, { runId }));
  };
  return (
    <span className="jp-MLOpsRun-underway">
      <span role="status">{progress.text}</span>
      {progress.bar && <Bar {...progress.bar} />}
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-warn"
        disabled={isStopping}
        title={progress.onStop}
        onClick={() => void stop()}
      >
        {isStopping ? trans.__('Stopping…') : trans.__('Stop')}
      </button>
    </span>
  );
}

interface IBar {
  label: string;
  done: number;
  all: number | null;
}

interface IProgress {
  text: string;

  /**
   * What stopping does.
   */
  onStop: string;

  /**
   * `null` of what only waits.
   */
  bar: IBar | null;
}

function Bar({ all, done, label }: IBar): JSX.Element {
  return (
    <progress
      aria-label={label}
      max={all ?? undefined}
      value={all === null ? undefined : done}
    />
  );
}

function progressOf(
  { headless, rerun }: IUnderway,
  trans: TranslationBundle
): IProgress | null {
  const onStop = trans.__('End it. What it has shown so far is kept.');
  if (headless) {
    const { cell, cells, place } = headless;
    if (place !== null) {
      return {
        text: trans.__('number %1 in the queue', place),
        onStop: trans.__('Take it out of the queue.'),
        bar: null
      };
    }
    return {
      text: cell === null ? '' : trans.__('cell %1 of %2', cell, cells),
      onStop,
      bar: {
        label: trans.__('Cells that ran'),
        done: (cell ?? 1) - 1,
        all: cells
      }
    };
  }
  if (rerun) {
    const { steps } = rerun;
    const done = steps.filter(({ state }) =>
      ['finished', 'unchanged'].includes(state)
    ).length;
    return {
      text: trans.__('%1 of %2 stale notebooks are done', done, steps.length),
      onStop,
      bar: { label: trans.__('Notebooks run'), done, all: steps.length }
    };
  }
  return null;
}
