import * as React from 'react';

import { RelativeTime } from '../../components/RelativeTime';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useBeats } from '../../hooks/pulse';
import { useRequest } from '../../hooks/request';

/**
 * What was erased: when, by whom and why.
 */
export function Erasures(): JSX.Element {
  const { mlops, trans } = useMLOps();
  const beats = useBeats();
  const { data, ...request } = useRequest(
    () => mlops.client.erasures(),
    [beats]
  );
  const items = data?.items ?? [];
  return (
    <section aria-label={trans.__('What was erased')}>
      <h3>{trans.__('What was erased')}</h3>
      <StateView
        {...request}
        isEmpty={items.length === 0}
        empty={trans.__(
          'Nothing was erased. To erase what a file held, open Versions of This File in its context menu, then a version.'
        )}
      >
        <div className="jp-MLOpsStorage-records" tabIndex={0}>
          <table className="jp-MLOpsTable" aria-label={trans.__('Erasures')}>
            <thead>
              <tr>
                <th scope="col">{trans.__('Erased')}</th>
                <th scope="col">{trans.__('By')}</th>
                <th scope="col">{trans.__('Data')}</th>
                <th scope="col">{trans.__('Reason')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(item => (
                <tr key={`${item.object_id} ${item.erased_at}`}>
                  <td>
                    <RelativeTime value={item.erased_at} />
                  </td>
                  <td>{item.author}</td>
                  <td>
                    {item.paths.join(', ')}{' '}
                    <code title={item.object_id}>
                      {item.object_id.slice(0, 8)}
                    </code>
                  </td>
                  <td>{item.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {data && data.count > items.length && (
          <p className="jp-MLOpsRun-hint">
            {trans._n('and %1 more', 'and %1 more', data.count - items.length)}
          </p>
        )}
      </StateView>
    </section>
  );
}
