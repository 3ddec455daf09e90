import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';

import type { CellPair } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { CellItem } from './CellItem';
import { type CellRow, foldedRows } from './folding';

const OVERSCAN = 6;

// pixels, until a row was measured
const CLOSED_HEIGHT = 28;
const OPEN_HEIGHT = 240;

/**
 * The cells of two notebooks, of which only those in sight are drawn. The tab scrolls.
 */
export function CellList(props: {
  pairs: readonly CellPair[];
  baseId: string;
  otherId: string;
  isOpen: (pair: CellPair) => boolean;
  onToggle: (pair: CellPair) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { isOpen, pairs } = props;
  const [unfolded, setUnfolded] = React.useState<ReadonlySet<string>>(
    new Set()
  );
  const rows = React.useMemo(
    () => foldedRows(pairs, unfolded),
    [pairs, unfolded]
  );
  const ref = React.useRef<HTMLUListElement>(null);
  const margin = useOffset(ref);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrollerOf(ref.current),
    getItemKey: index => rows[index].id,
    estimateSize: index => {
      const { pair } = rows[index];
      return pair && isOpen(pair) ? OPEN_HEIGHT : CLOSED_HEIGHT;
    },
    overscan: OVERSCAN,
    scrollMargin: margin
  });
  return (
    <ul
      ref={ref}
      className="jp-MLOpsCells"
      aria-label={trans.__('Cells')}
      style={{ height: virtualizer.getTotalSize() }}
      onKeyDown={moveFocus}
    >
      {virtualizer.getVirtualItems().map(({ index, key, start }) => (
        <li
          key={key}
          ref={virtualizer.measureElement}
          data-index={index}
          aria-setsize={rows.length}
          aria-posinset={index + 1}
          style={{ transform: `translateY(${start - margin}px)` }}
        >
          <Row
            {...props}
            row={rows[index]}
            onUnfold={id => setUnfolded(new Set([...unfolded, id]))}
          />
        </li>
      ))}
    </ul>
  );
}

function Row(
  props: React.ComponentProps<typeof CellList> & {
    row: CellRow;
    onUnfold: (id: string) => void;
  }
): JSX.Element {
  const { trans } = useMLOps();
  const { isOpen, onToggle, onUnfold, row } = props;
  if (row.pair === null) {
    return (
      <button
        type="button"
        className="jp-MLOpsCells-fold"
        onClick={() => onUnfold(row.id)}
      >
        {trans._n(
          'Show %1 unchanged cell',
          'Show %1 unchanged cells',
          row.folded.length
        )}
      </button>
    );
  }
  const { pair } = row;
  return (
    <CellItem
      pair={pair}
      baseId={props.baseId}
      otherId={props.otherId}
      isOpen={isOpen(pair)}
      onToggle={() => onToggle(pair)}
    />
  );
}

/**
 * How far below the top of what scrolls the list begins.
 */
function useOffset(ref: React.RefObject<HTMLElement>): number {
  const [offset, setOffset] = React.useState(0);
  React.useLayoutEffect(() => {
    const scroller = scrollerOf(ref.current);
    if (scroller && ref.current) {
      const { top } = ref.current.getBoundingClientRect();
      setOffset(
        top - scroller.getBoundingClientRect().top + scroller.scrollTop
      );
    }
  });
  return offset;
}

function scrollerOf(node: HTMLElement | null): HTMLElement | null {
  return node?.closest<HTMLElement>('.jp-MLOpsTab') ?? null;
}

/**
 * Arrows go from row to row; within a text or an output they are its own.
 */
function moveFocus(event: React.KeyboardEvent): void {
  const target = event.target as HTMLElement;
  const item = target.closest('li');
  if (target.parentElement !== item) {
    return;
  }
  const next = {
    ArrowDown: item?.nextElementSibling,
    ArrowUp: item?.previousElementSibling
  }[event.key];
  if (next) {
    event.preventDefault();
    next.querySelector<HTMLElement>(':scope > button')?.focus();
  }
}
