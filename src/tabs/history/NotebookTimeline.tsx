import * as React from 'react';

import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { projectPath } from '../../services/paths';
import { Timeline } from './Timeline';

/**
 * The snapshots of the notebook at a path of Jupyter's.
 */
export function NotebookTimeline({ path }: { path: string }): JSX.Element {
  const { mlops } = useMLOps();
  const { data: status, ...request } = useRequest(
    () => mlops.client.status(),
    []
  );
  return (
    <StateView {...request} isEmpty={status === null}>
      {status && <Timeline path={projectPath(status, path)} />}
    </StateView>
  );
}
