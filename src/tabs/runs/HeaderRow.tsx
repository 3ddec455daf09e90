import * as React from 'react';

import { useColumnDrag } from '../../hooks/columnDrag';
import type { IColumn } from './columns';
import type { IOrder } from './orders';
import { type IRunTableProps, pinOf } from './table';

const SMALLEST_WIDTH = 40;

type IHeaderProps = Pick<
  IRunTableProps,
  'columns' | 'orders' | 'onMove' | 'onOrder' | 'onResize' | 'pinned' | 'widths'
>;

/**
 * The titles: a click sorts, Shift and a click sorts further. They are dragged to other places, and their right edges to
 * other widths.
 */
export const HeaderRow = React.memo(function HeaderRow(
  props: IHeaderProps
): JSX.Element {
  return (
    <div
      className="jp-MLOpsGrid-row jp-MLOpsGrid-header"
      role="row"
      aria-rowindex={1}
    >
      {props.columns.map((column, index) => (
        <Header key={column.id} {...props} column={column} index={index} />
      ))}
    </div>
  );
});

function Header(
  props: IHeaderProps & { column: IColumn; index: number }
): JSX.Element {
  const { column, columns, index, onOrder, onResize, orders, widths } = props;
  const order = orders.find(({ id }) => id === column.id);
  const pin = pinOf(index, props.pinned);
  const drag = useColumnDrag('runs', index, columns.length, props.onMove);
  return (
    <div
      className={`jp-MLOpsGrid-cell jp-mod-${column.group}${pin.className}${drag.isTarget ? ' jp-mod-target' : ''}`}
      style={pin.style}
      role="columnheader"
      aria-sort={sortName(order)}
      title={column.group === 'attributes' ? column.title : column.id}
      {...drag.dragProps}
      // which run it is stays first
      draggable={index > 0}
      onKeyDown={index > 0 ? drag.onKeyDown : undefined}
    >
      <Title
        column={column}
        order={order}
        place={orders.length > 1 && order ? orders.indexOf(order) + 1 : null}
        onOrder={onOrder}
      />
      <Edge
        width={widths[column.id] ?? column.width}
        onResize={width => onResize(column, width)}
      />
    </div>
  );
}

function Title(props: {
  column: IColumn;
  order: IOrder | undefined;
  place: number | null;
  onOrder: IRunTableProps['onOrder'];
}): JSX.Element {
  const { column, onOrder, order, place } = props;
  if (!column.sortable) {
    return (
      <span className="jp-MLOpsGrid-title" tabIndex={0}>
        {column.title}
      </span>
    );
  }
  return (
    <button
      type="button"
      className="jp-MLOpsGrid-title"
      aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
      onClick={event => onOrder(column, event.shiftKey)}
    >
      <span className="jp-MLOpsGrid-word">{column.title}</span>
      {order && (
        <span aria-hidden>
          {order.isDescending ? '▼' : '▲'}
          {place !== null && <sup>{place}</sup>}
        </span>
      )}
    </button>
  );
}

/**
 * The edge by which a column is made wider; a double click gives back its own width.
 */
function Edge(props: {
  width: number;
  onResize: (width: number | null) => void;
}): JSX.Element {
  const start = React.useRef<number | null>(null);
  return (
    <span
      className="jp-MLOpsGrid-edge"
      aria-hidden
      // the edge is pulled, not the column
      draggable
      onDragStart={event => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={event => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = event.clientX - props.width;
      }}
      onPointerMove={event => {
        if (start.current !== null) {
          const width = event.clientX - start.current;
          props.onResize(Math.max(width, SMALLEST_WIDTH));
        }
      }}
      onPointerUp={() => {
        start.current = null;
      }}
      onDoubleClick={() => props.onResize(null)}
    />
  );
}

function sortName(
  order: IOrder | undefined
): 'ascending' | 'descending' | 'none' {
  return order === undefined
    ? 'none'
    : order.isDescending
      ? 'descending'
      : 'ascending';
}
