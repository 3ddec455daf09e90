import { PathExt } from '@jupyterlab/coreutils';
import * as React from 'react';

import { CommandIDs } from '../../commands/ids';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useBeats } from '../../hooks/pulse';
import { useRequest } from '../../hooks/request';
import { VersionDiff } from './VersionDiff';
import { VersionTable } from './VersionTable';
import { presentText } from './words';

/**
 * The versions that a file, folder, table or URL had: who used them, and what is different between two. `path` is as
 * snapshots name it.
 */
export function DataTab({ path }: { path: string }): JSX.Element {
  const { mlops, trans } = useMLOps();
  const beats = useBeats();
  const { data, ...request } = useRequest(
    () => mlops.client.dataVersions(path),
    [path, beats]
  );
  const isEmpty = data === null || data.items.length === 0;
  return (
    <div className="jp-MLOpsVersions">
      <Head path={path} />
      <StateView
        {...request}
        isEmpty={isEmpty}
        empty={
          <>
            <p>
              {trans.__(
                'No snapshot has read or written this file yet, so it has no versions. Run a notebook that uses it and click Snapshot in its toolbar: each snapshot keeps what the file holds then.'
              )}
            </p>
            <p>
              {trans.__(
                'Of tables of databases, URLs and files that were never read there are no versions.'
              )}
            </p>
          </>
        }
      >
        {data && !isEmpty && (
          <>
            <p className="jp-MLOpsRun-hint" role="status">
              {presentText(data, trans)}
            </p>
            <VersionTable versions={data} />
            <VersionDiff versions={data} />
          </>
        )}
      </StateView>
    </div>
  );
}

function Head({ path }: { path: string }): JSX.Element {
  const { commands, trans } = useMLOps();
  const name = PathExt.basename(path) || path;
  return (
    <div className="jp-MLOpsVersions-head">
      <h2>
        <MiddleEllipsis text={trans.__('Versions of %1', name)} title={path} />
      </h2>
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-reject"
        onClick={() =>
          void commands.execute(CommandIDs.openLineage, {
            node: `data:${path}`
          })
        }
      >
        {trans.__('Show lineage')}
      </button>
    </div>
  );
}
