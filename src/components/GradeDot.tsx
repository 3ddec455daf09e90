import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Grade, GradeReason } from '../api/types';
import { useMLOps } from '../hooks/context';

const SHAPES: Record<Grade, string> = {
  clean: '●',
  valid: '◐',
  stale: '▲',
  unknown: '○'
};

/**
 * How far a result can be trusted, as a shape and a colour. With `label`, the word stands beside it.
 */
export function GradeDot(props: {
  grade: Grade | null;
  label?: boolean;
}): JSX.Element {
  const { trans } = useMLOps();
  const grade = props.grade ?? 'unknown';
  const name = gradeName(grade, trans);
  const title = trans.__('Grade: %1', name);
  return (
    <span className={`jp-MLOpsDot jp-mod-${grade}`} title={title}>
      <span role="img" aria-label={title}>
        {SHAPES[grade]}
      </span>
      {props.label && <span className="jp-MLOpsDot-label">{name}</span>}
    </span>
  );
}

export function gradeName(grade: Grade, trans: TranslationBundle): string {
  switch (grade) {
    case 'clean':
      return trans.__('clean');
    case 'valid':
      return trans.__('valid');
    case 'stale':
      return trans.__('stale');
    default:
      return trans.__('unknown');
  }
}

/**
 * Whether a run from top to bottom would tell more: not where no kernel tells what it ran, nor while a cell runs.
 */
export function isMendable(reasons: readonly GradeReason[]): boolean {
  return reasons.every(
    ({ code }) => code !== 'no-kernel' && code !== 'running'
  );
}
