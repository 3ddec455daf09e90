import * as React from 'react';

import { RelativeTime } from '../../components/RelativeTime';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';

/**
 * Which version had which alias, since when and by whom. It is read again when `revision` changes.
 */
export function AliasChanges(props: {
  name: string;
  revision: unknown;
}): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { name, revision } = props;
  const { data, ...request } = useRequest(
    () => mlops.client.aliasChanges(name),
    [name, revision]
  );
  const changes = data?.items ?? [];
  return (
    <section>
      <h3>{trans.__('Alias history')}</h3>
      <StateView
        {...request}
        isEmpty={changes.length === 0}
        empty={trans.__(
          'No alias was set yet. Set champion on the version that shall be used.'
        )}
      >
        <table className="jp-MLOpsTable">
          <thead>
            <tr>
              <th scope="col">{trans.__('Alias')}</th>
              <th scope="col">{trans.__('Version')}</th>
              <th scope="col">{trans.__('Time')}</th>
              <th scope="col">{trans.__('Author')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ alias, author, changed_at: time, version }) => (
              <tr key={`${alias} ${time}`}>
                <td>{alias}</td>
                <td>
                  {version === null ? trans.__('removed') : `v${version}`}
                </td>
                <td>
                  <RelativeTime value={time} />
                </td>
                <td>{author}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </StateView>
    </section>
  );
}
