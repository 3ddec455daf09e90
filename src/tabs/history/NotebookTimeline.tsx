import * as React from 'react';

import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { projectPath } from '../../services/paths';
import { Timeline } from './Timeline';

/**
 * The snapshots of the notebook at a path of Jupyter's.
 */
export function NotebookTimeline({ path }: { path: string }): JSX.Element {
  const { mlops } = useMLOps();
  const { data: status } = useRequest(() => mlops.client.status(), []);
  return <Timeline path={status && projectPath(status, path)} />;
}
