import * as React from 'react';

/**
 * Makes the head of a column movable: it is dragged onto another one, or moved by Shift and an arrow.
 */
export interface IColumnDrag {
  /**
   * Whether another column is held over this one.
   */
  isTarget: boolean;
  dragProps: Pick<
    React.HTMLAttributes<HTMLElement>,
    'draggable' | 'onDragStart' | 'onDragOver' | 'onDragLeave' | 'onDrop'
  >;
  onKeyDown: (event: React.KeyboardEvent) => void;
}

/**
 * @param table - tells columns of one kind of table from those of another.
 * @param count - of the columns.
 */
export function useColumnDrag(
  table: string,
  index: number,
  count: number,
  onMove: (from: number, to: number) => void
): IColumnDrag {
  const type = `application/x-jupyter-mlops-${table}`;
  const [isTarget, setTarget] = React.useState(false);
  const move = (from: number, to: number) => {
    if (from !== to && to >= 0 && to < count) {
      onMove(from, to);
    }
  };
  return {
    isTarget,
    dragProps: {
      draggable: true,
      onDragStart: ({ dataTransfer }) => {
        dataTransfer.setData(type, `${index}`);
        dataTransfer.effectAllowed = 'move';
      },
      onDragOver: event => {
        if (event.dataTransfer.types.includes(type)) {
          event.preventDefault();
          setTarget(true);
        }
      },
      onDragLeave: () => setTarget(false),
      onDrop: event => {
        event.preventDefault();
        setTarget(false);
        move(Number(event.dataTransfer.getData(type)), index);
      }
    },
    onKeyDown: event => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step !== undefined && event.shiftKey) {
        event.preventDefault();
        event.stopPropagation();
        move(index, index + step);
      }
    }
  };
}

/**
 * The items with one of them in another place.
 */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const others = items.filter((_, at) => at !== from);
  return [...others.slice(0, to), items[from], ...others.slice(to)];
}
