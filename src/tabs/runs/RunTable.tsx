import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';

import type { Run } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { useStale } from '../../hooks/stale';
import { HeaderRow } from './HeaderRow';
import { RunTableRow } from './RunTableRow';
import { comparable } from '../../services/comparable';
import { ROW_HEIGHT, type IRunTableProps } from './table';
import { useTableKeys } from './tableKeys';

const OVERSCAN = 12;

// rows before the end of what was read, at which more is asked for
const AHEAD = 60;

/**
 * The runs as a grid of which only the visible rows are drawn.
 */
export function RunTable(props: IRunTableProps): JSX.Element {
  const { columns, hasMore, pinned, runs, selection, widths } = props;
  const { trans } = useMLOps();
  const stale = useStale();
  const id = React.useId();
  const ref = React.useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: runs.length,
    getScrollElement: () => ref.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    // the header covers the first row's height
    scrollPaddingStart: ROW_HEIGHT
  });
  const rows = virtualizer.getVirtualItems();
  useAnchor(ref, runs);
  useReadingAhead(rows.at(-1)?.index ?? 0, props);
  const keys = useTableKeys(props, ref, index =>
    virtualizer.scrollToIndex(index)
  );
  return (
    <div
      ref={ref}
      className="jp-MLOpsGrid"
      data-selected-runs={comparable(selection.ids)}
      style={measures(columns, widths, pinned)}
      role="grid"
      aria-label={trans.__('Runs')}
      aria-multiselectable
      aria-rowcount={hasMore ? -1 : runs.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={
        selection.active < 0 ? undefined : `${id}-${selection.active}`
      }
      tabIndex={0}
      {...keys}
    >
      <HeaderRow {...props} />
      <div
        className="jp-MLOpsGrid-body"
        role="presentation"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {rows.map(({ index }) => (
          <RunTableRow
            key={runs[index].run_id}
            id={`${id}-${index}`}
            index={index}
            run={runs[index]}
            stale={stale.run(runs[index].run_id)}
            columns={columns}
            pinned={pinned}
            isActive={index === selection.active}
            isSelected={selection.ids.has(runs[index].run_id)}
          />
        ))}
      </div>
    </div>
  );
}

/**
 * The widths of the columns, and where the pinned ones stand: rows need not be drawn again when they change.
 */
function measures(
  columns: IRunTableProps['columns'],
  widths: IRunTableProps['widths'],
  pinned: number
): React.CSSProperties {
  const pixels = columns.map(({ id, width }) => widths[id] ?? width);
  const lefts = pixels
    .slice(0, pinned)
    .map((_, index) => [
      `--jp-mlops-left-${index}`,
      `${pixels.slice(0, index).reduce((sum, width) => sum + width, 0)}px`
    ]);
  return {
    '--jp-mlops-columns': pixels.map(width => `${width}px`).join(' '),
    ...Object.fromEntries(lefts)
  } as React.CSSProperties;
}

/**
 * Keeps the row at the top where it is when others come or go above it.
 */
function useAnchor(
  ref: React.RefObject<HTMLElement>,
  runs: readonly Run[]
): void {
  const before = React.useRef(runs);
  React.useLayoutEffect(() => {
    const old = before.current;
    before.current = runs;
    const node = ref.current;
    if (!node || old === runs || node.scrollTop < ROW_HEIGHT) {
      return;
    }
    const top = Math.floor(node.scrollTop / ROW_HEIGHT);
    const runId = old[top]?.run_id;
    const index = runs.findIndex(run => run.run_id === runId);
    if (index >= 0 && index !== top) {
      node.scrollTop += (index - top) * ROW_HEIGHT;
    }
  }, [runs]);
}

function useReadingAhead(
  last: number,
  { hasMore, onMore, runs }: IRunTableProps
): void {
  const isNear = hasMore && last + AHEAD >= runs.length;
  React.useEffect(() => {
    if (isNear) {
      onMore();
    }
  }, [isNear, runs.length]);
}
