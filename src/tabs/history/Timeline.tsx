import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Snapshot } from '../../api/types';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import type { SnapshotSearch } from '../../services/snapshotList';
import { useSelection } from '../../hooks/selection';
import { comparable } from '../../services/comparable';
import { ChosenBar, oldestFirst } from './ChosenBar';
import { Thinning } from './Thinning';
import { TimelineList } from './TimelineList';
import { useSnapshotList } from './useSnapshotList';
import { metricsOf, tagsOf } from './words';

/**
 * Which snapshots are shown: all, those that were asked for, the pinned ones, or, behind a `#`, those with a tag.
 */
type Shown = 'all' | 'asked' | 'pinned' | `#${string}`;

/**
 * The snapshots of a notebook, newest first. `path` is where the notebook is now, relative to the project; `null` until
 * that is known. The snapshot of the run `current` is marked.
 */
export function Timeline(props: {
  path: string | null;
  current?: string;
}): JSX.Element {
  const { trans } = useMLOps();
  const { current, path } = props;
  const [shown, setShown] = React.useState<Shown>('all');
  const [chosenMetric, setMetric] = React.useState<string | null>(null);
  const list = useSnapshotList(path === null ? null : searchFor(path, shown));
  const { items } = list;
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
          hidden={items.length === 0 && shown === 'all'}
        >
          <ShownSelect shown={shown} items={items} onChange={setShown} />
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
          shown === 'all'
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

function ShownSelect(props: {
  shown: Shown;
  items: readonly Snapshot[];
  onChange: (shown: Shown) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { items, shown, onChange } = props;
  // the tag that is shown stays in the choice when its last snapshot is gone
  const tags = new Set([
    ...tagsOf(items),
    ...(shown.startsWith('#') ? [shown.slice(1)] : [])
  ]);
  return (
    <HTMLSelect
      aria-label={trans.__('Show')}
      value={shown}
      onChange={event => onChange(event.target.value as Shown)}
    >
      <option value="all">{trans.__('All snapshots')}</option>
      <option value="asked">{trans.__('Without automatic ones')}</option>
      <option value="pinned">{trans.__('Pinned')}</option>
      {[...tags].map(tag => (
        <option key={tag} value={`#${tag}`}>
          {trans.__('Tagged %1', tag)}
        </option>
      ))}
    </HTMLSelect>
  );
}

function searchFor(notebookPath: string, shown: Shown): SnapshotSearch {
  switch (shown) {
    case 'all':
      return { notebookPath };
    case 'asked':
      return { notebookPath, automatic: false };
    case 'pinned':
      return { notebookPath, pinned: true };
    default:
      return { notebookPath, tag: shown.slice(1) };
  }
}
