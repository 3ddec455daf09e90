import * as React from 'react';

import type { IColumn } from './columns';
import type { IOrder } from './orders';
import type { IRunTableProps } from './table';

const SMALLEST_WIDTH = 40;

/**
 * The titles: a click sorts, Shift and a click sorts further, and their right edges are dragged.
 */
export const HeaderRow = React.memo(function HeaderRow(
  props: Pick<
    IRunTableProps,
    'columns' | 'orders' | 'onOrder' | 'onResize' | 'widths'
  >
): JSX.Element {
  const { columns, onOrder, onResize, orders, widths } = props;
  return (
    <div
      className="jp-MLOpsGrid-row jp-MLOpsGrid-header"
      role="row"
      aria-rowindex={1}
    >
      {columns.map(column => {
        const order = orders.find(({ id }) => id === column.id);
        return (
          <div
            key={column.id}
            className={`jp-MLOpsGrid-cell jp-mod-${column.group}`}
            role="columnheader"
            aria-sort={sortName(order)}
            title={column.group === 'attributes' ? column.title : column.id}
          >
            <Title
              column={column}
              order={order}
              place={
                orders.length > 1 && order ? orders.indexOf(order) + 1 : null
              }
              onOrder={onOrder}
            />
            <Edge
              width={widths[column.id] ?? column.width}
              onResize={width => onResize(column, width)}
            />
          </div>
        );
      })}
    </div>
  );
});

function Title(props: {
  column: IColumn;
  order: IOrder | undefined;
  place: number | null;
  onOrder: IRunTableProps['onOrder'];
}): JSX.Element {
  const { column, onOrder, order, place } = props;
  if (!column.sortable) {
    return <span className="jp-MLOpsGrid-title">{column.title}</span>;
  }
  return (
    <button
      type="button"
      className="jp-MLOpsGrid-title"
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
