import * as React from 'react';

import type { Collected, Storage } from '../../api/types';
import { letGo } from '../../commands/letGo';
import { formatBytes } from '../../components/size';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';

const EXAMPLE = 'newest 10, 90d';
const MOST = 100;

/**
 * What would be removed now, by the rule of the store's owner or by another one, and the button that removes it.
 */
export function Going(): JSX.Element {
  const { mlops, trans } = useMLOps();
  const [rule, setRule] = React.useState<string | null>(null);
  const [text, setText] = React.useState<string | null>(null);
  const { data, ...request } = useRequest(
    () => mlops.client.storage(rule),
    [rule]
  );
  const remove = async (wouldGo: Collected) => {
    if ((await letGo(mlops, rule, wouldGo)) !== null) {
      request.retry();
    }
  };
  return (
    <section aria-label={trans.__('What would be removed')}>
      <h3>{trans.__('What would be removed')}</h3>
      <form
        className="jp-MLOpsStorage-rule"
        onSubmit={event => {
          event.preventDefault();
          setRule(text?.trim() ? text.trim() : null);
          request.retry();
        }}
      >
        <label>
          {trans.__('Keep data of')}{' '}
          <input
            className="jp-mod-styled"
            type="text"
            value={text ?? data?.set_rule ?? ''}
            placeholder={EXAMPLE}
            aria-describedby="jp-MLOpsStorage-hint"
            onChange={event => setText(event.target.value)}
          />
        </label>
        <button type="submit" className="jp-Button jp-mod-styled jp-mod-reject">
          {trans.__('Show what would go')}
        </button>
      </form>
      <p id="jp-MLOpsStorage-hint" className="jp-MLOpsRun-hint">
        {trans.__(
          '“%1” keeps what the ten newest snapshots of each notebook used and those of the last 90 days; “off” keeps all. The newest, pinned and registered ones always keep theirs. The rule for each time is keep_data in the settings of the store.',
          EXAMPLE
        )}
      </p>
      <StateView {...request} isEmpty={data === null}>
        {data && (
          <Would storage={data} onRemove={() => void remove(data.would_go)} />
        )}
      </StateView>
    </section>
  );
}

function Would(props: { storage: Storage; onRemove: () => void }): JSX.Element {
  const { trans } = useMLOps();
  const { keep_data: rule, would_go: would } = props.storage;
  const { counted_from: from, data, environments, leftovers, removed } = would;
  const count = removed.objects + leftovers.length + environments.length;
  return (
    <>
      <p role="status">
        {count === 0
          ? trans.__(
              'Nothing would be removed by the rule “%1”: snapshots and model versions need all that is there, or it is younger than a day.',
              rule
            )
          : trans.__('By the rule “%1”: %2', rule, summary(would, trans))}
      </p>
      {from !== null && (
        <p>
          {trans.__(
            'Ages are counted from %1: since then there was no snapshot for a month, and the clock may have jumped. If it is right: jupyter mlops gc --trust-clock.',
            new Date(from).toLocaleString()
          )}
        </p>
      )}
      {data.length > 0 && (
        <ul
          className="jp-MLOpsStorage-list"
          aria-label={trans.__('Data that is no longer to be kept')}
        >
          {data.slice(0, MOST).map(({ object_id: id, paths }) => (
            <li key={id}>
              {paths.join(', ')} <code title={id}>{id.slice(0, 8)}</code>
            </li>
          ))}
          {data.length > MOST && (
            <li>
              {trans._n('and %1 more', 'and %1 more', data.length - MOST)}
            </li>
          )}
        </ul>
      )}
      {environments.length > 0 && (
        <ul
          className="jp-MLOpsStorage-list"
          aria-label={trans.__('Environments that nobody uses')}
        >
          {environments.map(({ folder, reason, size_bytes: size }) => (
            <li key={folder}>{`${folder}, ${formatBytes(size)}: ${reason}`}</li>
          ))}
        </ul>
      )}
      {count > 0 && (
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-warn"
          onClick={props.onRemove}
        >
          {trans.__('Remove…')}
        </button>
      )}
    </>
  );
}

function summary(
  { environments, leftovers, removed }: Collected,
  trans: ReturnType<typeof useMLOps>['trans']
): string {
  const total = (sizes: readonly { size_bytes: number }[]) =>
    formatBytes(sizes.reduce((sum, { size_bytes: size }) => sum + size, 0));
  return [
    trans._n(
      '%1 object, %2',
      '%1 objects, %2',
      removed.objects,
      formatBytes(removed.size_bytes)
    ),
    ...(leftovers.length === 0
      ? []
      : [
          trans._n(
            '%1 file of crashes, %2',
            '%1 files of crashes, %2',
            leftovers.length,
            total(leftovers)
          )
        ]),
    ...(environments.length === 0
      ? []
      : [
          trans._n(
            '%1 environment, %2',
            '%1 environments, %2',
            environments.length,
            total(environments)
          )
        ])
  ].join(' · ');
}
