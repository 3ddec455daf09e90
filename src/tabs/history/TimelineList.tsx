import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';

import { useMLOps } from '../../hooks/context';
import type { SnapshotList } from '../../services/snapshotList';
import type { ISelection } from '../../hooks/selection';
import { TimelineRow } from './TimelineRow';
import { useTimelineKeys } from './timelineKeys';
import { changeOf } from './words';

/**
 * Pixels, as in style/timeline.css.
 */
const ROW_HEIGHT = 60;
const OVERSCAN = 6;

// rows before the end of what was read, at which more is asked for
const AHEAD = 30;

/**
 * The snapshots as a list of which only the visible rows are drawn, and the one that has the focus.
 */
export function TimelineList(props: {
  list: SnapshotList;
  metric: string | null;
  selection: ISelection;
  current?: string;
}): JSX.Element {
  const { trans } = useMLOps();
  const { current, list, metric, selection } = props;
  const { hasMore, items } = list;
  const ref = React.useRef<HTMLDivElement>(null);
  const active = Math.max(selection.active, 0);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => ref.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    rangeExtractor: range =>
      [...new Set([...defaultRangeExtractor(range), active])]
        .filter(index => index < items.length)
        .sort((left, right) => left - right)
  });
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  const isNear = hasMore && last + AHEAD >= items.length;
  React.useEffect(() => {
    if (isNear) {
      void list.loadMore();
    }
  }, [isNear, items.length]);
  const keys = useTimelineKeys(items, selection, ref, index =>
    virtualizer.scrollToIndex(index)
  );
  return (
    <div
      ref={ref}
      className="jp-MLOpsTimeline-list"
      role="grid"
      aria-label={trans.__('Snapshots')}
      aria-multiselectable
      aria-rowcount={hasMore ? -1 : items.length}
      {...keys}
    >
      <div
        className="jp-MLOpsTimeline-rows"
        role="presentation"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {rows.map(({ index }) => (
          <TimelineRow
            key={items[index].id}
            index={index}
            top={index * ROW_HEIGHT}
            snapshot={items[index]}
            metric={metric}
            change={changeOf(items[index], items[index + 1], metric)}
            isCurrent={items[index].id === current}
            isActive={index === active}
            isSelected={selection.ids.has(items[index].id)}
          />
        ))}
      </div>
    </div>
  );
}
