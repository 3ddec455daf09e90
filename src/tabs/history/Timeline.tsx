import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useSelection } from '../../hooks/selection';
import { comparable } from '../../services/comparable';
import { ChosenBar, oldestFirst } from './ChosenBar';
import { Thinning } from './Thinning';
import { TimelineList } from './TimelineList';
import { EVERYTHING, queryOf, TimelineSearch } from './TimelineSearch';
import { useSnapshotList } from './useSnapshotList';
import { metricsOf, tagsOf } from './words';

/**
 * The snapshots of a notebook, newest first. `path` is where the notebook is now, relative to the project; `null` until
 * that is known. The snapshot `current` is marked.
 */
export function Timeline(props: {
  path: string | null;
  current?: string;
}): JSX.Element {
  const { trans } = useMLOps();
  const { current, path } = props;
  const [search, setSearch] = React.useState(EVERYTHING);
  const [chosenMetric, setMetric] = React.useState<string | null>(null);
  const list = useSnapshotList(path === null ? null : queryOf(path, search));
  const { items } = list;
  const isAll = search.shown === 'all' && search.text === '';
  const metrics = React.useMemo(() => metricsOf(items), [items]);
  const metric = chosenMetric ?? metrics[0] ?? null;
  const ids = React.useMemo(() => items.map(({ id }) => id), [items]);
  const selection = useSelection(ids);
  const chosen = items.filter(({ id }) => selection.ids.has(id));
  return (
    <div className="jp-MLOpsTimeline">
      {chosen.length > 0 ? (
        <ChosenBar chosen={chosen} onClear={selection.clear} />
      ) : (
        <div
          className="jp-MLOpsTimeline-tools"
          hidden={items.length === 0 && isAll}
        >
          <TimelineSearch
            search={search}
            tags={tagsOf(items)}
            onChange={setSearch}
          />
          {metrics.length > 1 && (
            <HTMLSelect
              aria-label={trans.__('Metric')}
              value={metric ?? ''}
              options={metrics}
              onChange={event => setMetric(event.target.value)}
            />
          )}
        </div>
      )}
      <StateView
        phase={list.phase}
        error={list.error}
        retry={() => void list.refresh()}
        isEmpty={items.length === 0}
        empty={
          isAll
            ? trans.__(
                'No snapshots of this notebook yet. Click Snapshot to keep it as it is now, or have them taken by themselves: Settings, MLOps, Automatic snapshots.'
              )
            : trans.__('No snapshot of this notebook is like that.')
        }
      >
        <div
          className="jp-MLOpsTimeline-chosen"
          data-selected-runs={comparable(oldestFirst(chosen))}
        >
          <TimelineList
            list={list}
            metric={metric}
            selection={selection}
            current={current}
          />
        </div>
        <Thinning snapshots={items} />
      </StateView>
    </div>
  );
}
