import * as React from 'react';

import { useMLOps } from '../hooks/context';
import { useRequest } from '../hooks/request';
import { StateView } from './StateView';

/**
 * One figure of a snapshot; `label` says which.
 */
export function SnapshotFigure(props: {
  snapshotId: string;
  index: number;
  label: string;
}): JSX.Element {
  const { client } = useMLOps().mlops;
  const { index, label, snapshotId } = props;
  const { data, ...request } = useRequest(
    () => client.snapshotFigure(snapshotId, index),
    [snapshotId, index]
  );
  return (
    <StateView {...request} isEmpty={data === null}>
      {/* as an image, an SVG runs no script */}
      {data && (
        <img alt={label} src={`data:${data.mime_type};base64,${data.data}`} />
      )}
    </StateView>
  );
}
