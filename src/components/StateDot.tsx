import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { DeploymentState } from '../api/types';
import { useMLOps } from '../hooks/context';

const SHAPES: Record<DeploymentState, string> = {
  pending: '◌',
  running: '◉',
  failed: '✕',
  stopped: '■'
};

/**
 * The state of a deployment as a shape, a colour and (with `label`) a word.
 */
export function StateDot(props: {
  state: DeploymentState;
  label?: boolean;
}): JSX.Element {
  const { trans } = useMLOps();
  const name = stateName(props.state, trans);
  return (
    <span className={`jp-MLOpsDot jp-mod-${props.state}`} title={name}>
      <span
        {...(props.label
          ? { 'aria-hidden': true }
          : { role: 'img', 'aria-label': name })}
      >
        {SHAPES[props.state]}
      </span>
      {props.label && <span className="jp-MLOpsDot-label">{name}</span>}
    </span>
  );
}

export function stateName(
  state: DeploymentState,
  trans: TranslationBundle
): string {
  switch (state) {
    case 'pending':
      return trans.__('pending');
    case 'running':
      return trans.__('running');
    case 'failed':
      return trans.__('failed');
    default:
      return trans.__('stopped');
  }
}
