import * as React from 'react';

import type { LineageNode, Status } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { jupyterPath } from '../../services/paths';

const GO_TO = 'filebrowser:open-path';

/**
 * Opens things of the graph: a file or notebook as it is now, the tab of a run, model or deployment. What has no place
 * in Jupyter, a file elsewhere or a URL say, shows its lineage.
 */
export function useOpenNode(): (node: LineageNode) => void {
  const { commands, mlops } = useMLOps();
  const { data: status } = useRequest(() => mlops.client.status(), []);
  return React.useCallback(
    (node: LineageNode) => {
      const [command, args] = target(node, status) ?? [
        CommandIDs.openLineage,
        { node: node.id }
      ];
      void commands.execute(command, args);
    },
    [commands, status]
  );
}

function target(
  node: LineageNode,
  status: Status | null
): [string, Record<string, string | number | null>] | null {
  switch (node.kind) {
    case 'snapshot':
      return [
        CommandIDs.openRun,
        { runId: node.run_id, snapshotId: node.id.slice('snapshot:'.length) }
      ];
    case 'version':
      return [CommandIDs.openModel, { name: node.name, version: node.version }];
    case 'deployment':
      return [CommandIDs.openDeployment, { name: node.name }];
    default: {
      const isPlace = !['url', 'table'].includes(node.data_kind ?? '');
      const path = status && isPlace ? jupyterPath(status, node.name) : null;
      return path === null ? null : [GO_TO, { path }];
    }
  }
}
