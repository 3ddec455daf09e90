import * as React from 'react';

import type { LineageNode } from '../../api/types';
import { GradeDot } from '../../components/GradeDot';
import { RelativeTime } from '../../components/RelativeTime';
import { useMLOps } from '../../hooks/context';
import { kindName } from './words';

/**
 * What is told of a thing beside its name and its state.
 */
export function Facts(props: { node: LineageNode }): JSX.Element {
  const { trans } = useMLOps();
  const { node } = props;
  const { contents, kind } = node;
  return (
    <span className="jp-MLOpsCard-facts">
      {kind === 'snapshot' && node.grade && <GradeDot grade={node.grade} />}{' '}
      {kind === 'snapshot' && node.status !== 'FINISHED' ? (
        <span className="jp-MLOpsCard-failed">{`✕ ${trans.__('failed')}`}</span>
      ) : (
        kindName(kind, trans)
      )}
      {contents !== null && contents > 1 && (
        <> · {trans._n('%1 version', '%1 versions', contents)}</>
      )}
      {kind === 'snapshot' && node.created_at && (
        <>
          {' · '}
          <RelativeTime value={node.created_at} style="narrow" />
        </>
      )}
      {kind === 'deployment' && node.desired === 'stopped' && (
        <> · {trans.__('stopped')}</>
      )}
      {node.hidden && (
        <span title={trans.__('Not all that belongs to it is shown')}>
          {' '}
          · …
        </span>
      )}
    </span>
  );
}
