import * as React from 'react';

import { useMLOps } from '../hooks/context';
import type { Phase } from '../services/listState';

/**
 * The four states of a view: loading (a thin bar over the old data), failed (one sentence, Retry, the old data dimmed),
 * empty (what to do next) and ready.
 */
export function StateView(props: {
  phase: Phase;
  error: string | null;
  retry: () => void;
  isEmpty: boolean;
  empty?: React.ReactNode;
  children: React.ReactNode;
}): JSX.Element {
  const { phase, isEmpty } = props;
  return (
    <div className="jp-MLOpsState" aria-busy={phase === 'loading'}>
      {phase === 'loading' && <div className="jp-MLOpsState-bar" />}
      {phase === 'failed' && (
        <Failure error={props.error ?? ''} retry={props.retry} />
      )}
      {!isEmpty && (
        <div className={phase === 'failed' ? 'jp-MLOpsState-old' : undefined}>
          {props.children}
        </div>
      )}
      {isEmpty && phase === 'ready' && (
        <div className="jp-MLOpsState-empty">{props.empty}</div>
      )}
    </div>
  );
}

function Failure(props: { error: string; retry: () => void }): JSX.Element {
  const { trans } = useMLOps();
  return (
    <div className="jp-MLOpsState-failure" role="alert">
      <span>{props.error}</span>
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-minimal"
        onClick={props.retry}
      >
        {trans.__('Retry')}
      </button>
    </div>
  );
}
