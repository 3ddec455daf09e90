import * as React from 'react';

import type { Deployment } from '../../api/types';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useTail } from './tail';

const NEAR_END_PX = 8;

/**
 * What the deployment printed. It stays at the end unless one scrolls up.
 */
export function Log(props: { deployment: Deployment }): JSX.Element {
  const { trans } = useMLOps();
  const { name, state } = props.deployment;
  const ref = React.useRef<HTMLPreElement>(null);
  const isAtEnd = React.useRef(true);
  const { data, ...request } = useTail(name, state !== 'stopped', ref);
  const text = data?.join('\n') ?? '';
  React.useLayoutEffect(() => {
    if (ref.current && isAtEnd.current) {
      ref.current.scrollTop = ref.current.scrollHeight;
    }
  }, [text]);
  return (
    <>
      <div className="jp-MLOpsDeployment-tools">
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-minimal"
          onClick={request.retry}
        >
          {trans.__('Refresh')}
        </button>
      </div>
      <StateView {...request} isEmpty={false}>
        <pre
          className="jp-MLOpsDeployment-log"
          ref={ref}
          role="log"
          aria-live="off"
          aria-label={trans.__('Log')}
          tabIndex={0}
          onScroll={({ currentTarget: pre }) => {
            const below = pre.scrollHeight - pre.clientHeight - pre.scrollTop;
            isAtEnd.current = below < NEAR_END_PX;
          }}
        >
          {text || (data && trans.__('Nothing has been printed yet.'))}
        </pre>
      </StateView>
    </>
  );
}
