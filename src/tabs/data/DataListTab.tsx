import * as React from 'react';

import type { DataPage } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { RelativeTime } from '../../components/RelativeTime';
import { formatBytes } from '../../components/size';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useBeats } from '../../hooks/pulse';
import { useRequest } from '../../hooks/request';
import { useSettled } from '../../hooks/settled';

const AT_ONCE = 100;
const MOST = 1000;
const QUIET_MS = 300;

/**
 * All that notebooks read and wrote, by path, also what is gone from the disk since.
 */
export function DataListTab(): JSX.Element {
  const { mlops, trans } = useMLOps();
  const [text, setText] = React.useState('');
  const [limit, setLimit] = React.useState(AT_ONCE);
  const prefix = useSettled(text.trim(), QUIET_MS);
  const beats = useBeats();
  const { data, ...request } = useRequest(
    () => mlops.client.data({ limit, prefix }),
    [beats, limit, prefix]
  );
  const items = data?.items ?? [];
  return (
    <div className="jp-MLOpsVersions">
      <h2>{trans.__('Data')}</h2>
      <input
        className="jp-mod-styled jp-MLOpsVersions-find"
        type="search"
        aria-label={trans.__('Start of the path')}
        placeholder={trans.__('Start of the path: data/')}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <StateView
        {...request}
        isEmpty={items.length === 0}
        empty={
          prefix
            ? trans.__('No data has a path that starts so.')
            : trans.__(
                'No snapshot names any data yet. Run a notebook that reads or writes a file and click Snapshot in its toolbar.'
              )
        }
      >
        <DataTable items={items} />
        {data?.next_token && limit < MOST && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-minimal"
            onClick={() => setLimit(MOST)}
          >
            {trans.__('Show more')}
          </button>
        )}
        {data?.next_token && limit === MOST && (
          <p className="jp-MLOpsRun-hint">
            {trans.__(
              'There are more than %1: write the start of a path.',
              MOST.toLocaleString()
            )}
          </p>
        )}
      </StateView>
    </div>
  );
}

function DataTable(props: { items: DataPage['items'] }): JSX.Element {
  const { commands, trans } = useMLOps();
  return (
    <div className="jp-MLOpsVersions-table">
      <table className="jp-MLOpsTable" aria-label={trans.__('Data')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Data')}</th>
            <th scope="col" className="jp-MLOpsNumber">
              {trans.__('Size')}
            </th>
            <th scope="col" className="jp-MLOpsNumber">
              {trans.__('Versions')}
            </th>
            <th scope="col" className="jp-MLOpsNumber">
              {trans.__('Snapshots')}
            </th>
            <th scope="col">{trans.__('Last seen')}</th>
          </tr>
        </thead>
        <tbody>
          {props.items.map(({ path, size, ...item }) => (
            <tr key={path} data-lineage={`data:${path}`}>
              <th scope="row">
                <button
                  type="button"
                  className="jp-MLOpsData-path jp-mod-link"
                  aria-label={path}
                  title={trans.__('%1\nShow its versions', path)}
                  onClick={() =>
                    void commands.execute(CommandIDs.openVersions, { path })
                  }
                >
                  <MiddleEllipsis text={path} title="" />
                </button>
              </th>
              <td className="jp-MLOpsNumber">
                {size === null ? '–' : formatBytes(size)}
              </td>
              <td className="jp-MLOpsNumber">
                {item.versions.toLocaleString()}
              </td>
              <td className="jp-MLOpsNumber">
                {item.snapshots.toLocaleString()}
              </td>
              <td>
                <RelativeTime value={item.last_seen} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
