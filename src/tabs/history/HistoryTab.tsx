import { PathExt } from '@jupyterlab/coreutils';
import * as React from 'react';

import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { useMLOps } from '../../hooks/context';
import { NotebookTimeline } from './NotebookTimeline';

/**
 * The snapshots of a notebook that need not be open. `path` is Jupyter's.
 */
export function HistoryTab({ path }: { path: string }): JSX.Element {
  const { trans } = useMLOps();
  const name = PathExt.basename(path);
  return (
    <div className="jp-MLOpsHistory">
      <h2>
        <MiddleEllipsis text={trans.__('Snapshots of %1', name)} title={path} />
      </h2>
      <NotebookTimeline path={path} />
    </div>
  );
}
