import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { CellPair, Comparison } from '../../api/types';
import { RelativeTime } from '../../components/RelativeTime';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { CellList } from './CellList';
import { summary } from './changes';
import { CodeTexts } from './CodeTexts';

/**
 * The cells of the baseline's notebook against those of another run, and the code beside it.
 */
export function Cells(props: { comparison: Comparison }): JSX.Element {
  const { trans } = useMLOps();
  const { code, items } = props.comparison;
  const [base, ...others] = items;
  const [chosen, choose] = React.useState<string | null>(null);
  const kept = others.filter(item => item.snapshot_id !== null);
  const other = kept.find(item => item.snapshot_id === chosen) ?? kept.at(0);
  if (base.snapshot_id === null || !other?.snapshot_id) {
    return (
      <p className="jp-MLOpsRun-hint">
        {trans.__(
          'Cells are compared between snapshots. Click Snapshot in a notebook to keep its cells with the run.'
        )}
      </p>
    );
  }
  return (
    <>
      <div className="jp-MLOpsCells-sides">
        <span>
          {base.run.name} <RelativeTime value={base.run.started_at} />
        </span>
        <span aria-hidden>→</span>
        {kept.length > 1 ? (
          <HTMLSelect
            aria-label={trans.__('Compare with')}
            value={other.snapshot_id}
            onChange={event => choose(event.target.value)}
          >
            {kept.map(({ run, snapshot_id: id }) => (
              <option key={id} value={id!}>
                {run.name} ({new Date(run.started_at).toLocaleString()})
              </option>
            ))}
          </HTMLSelect>
        ) : (
          <span>
            {other.run.name} <RelativeTime value={other.run.started_at} />
          </span>
        )}
      </div>
      <Pair
        key={`${base.snapshot_id} ${other.snapshot_id}`}
        baseId={base.snapshot_id}
        otherId={other.snapshot_id}
      />
      <CodeTexts
        code={code}
        baseId={base.snapshot_id}
        otherId={other.snapshot_id}
        at={items.indexOf(other)}
      />
    </>
  );
}

function Pair(props: { baseId: string; otherId: string }): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { baseId, otherId } = props;
  const { data, ...request } = useRequest(
    () => mlops.client.cellComparison(baseId, otherId),
    [baseId, otherId]
  );
  const [toggled, setToggled] = React.useState<ReadonlySet<CellPair>>(
    new Set()
  );
  const [isAllOpen, setAllOpen] = React.useState(false);
  const isOpen = (pair: CellPair) =>
    toggled.has(pair) !==
    (pair.changes.length > 0 && (isAllOpen || pair.changes.includes('edited')));
  const pairs = data?.items ?? [];
  return (
    <StateView {...request} isEmpty={data === null}>
      <div className="jp-MLOpsCells-summary">
        <span role="status">{summary(pairs, trans)}</span>
        {pairs.some(({ changes }) => changes.length > 0) && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-minimal"
            aria-pressed={isAllOpen}
            onClick={() => {
              setToggled(new Set());
              setAllOpen(!isAllOpen);
            }}
          >
            {trans.__('Open all changes')}
          </button>
        )}
      </div>
      <CellList
        {...props}
        pairs={pairs}
        isOpen={isOpen}
        onToggle={pair => {
          const next = new Set(toggled);
          if (!next.delete(pair)) {
            next.add(pair);
          }
          setToggled(next);
        }}
      />
    </StateView>
  );
}
