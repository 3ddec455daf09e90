import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Run } from '../api/types';
import { useMLOps } from '../hooks/context';
import { GradeDot, gradeName } from './GradeDot';

/**
 * A run or a snapshot, as far as its mark goes.
 */
type Marked = Pick<Run, 'grade' | 'status'> & Partial<Pick<Run, 'error'>>;

const SHAPES = { FAILED: '✕', KILLED: '■', SCHEDULED: '◌', RUNNING: '⟳' };

/**
 * What there is to know of a run first: that it still runs, that it failed, or else how far its result can be trusted.
 */
export function RunMark(props: { run: Marked }): JSX.Element {
  const { trans } = useMLOps();
  const { grade, status } = props.run;
  if (status === 'FINISHED') {
    return <GradeDot grade={grade} />;
  }
  const name = runWord(props.run, trans);
  const isFailed = status === 'FAILED';
  return (
    <span
      className={`jp-MLOpsDot jp-mod-${isFailed ? 'failed' : 'pending'}`}
      role="img"
      aria-label={name}
      title={name}
    >
      {SHAPES[status]}
    </span>
  );
}

/**
 * The same in words.
 */
export function runWord(run: Marked, trans: TranslationBundle): string {
  const { error, grade, status } = run;
  switch (status) {
    case 'FINISHED':
      return trans.__('grade %1', gradeName(grade ?? 'unknown', trans));
    case 'FAILED':
      return typeof error?.cell_index === 'number'
        ? trans.__('failed at cell %1', error.cell_index + 1)
        : trans.__('failed');
    case 'KILLED':
      return trans.__('stopped');
    case 'SCHEDULED':
      return trans.__('queued');
    default:
      return trans.__('running');
  }
}
