import { moved } from '../../hooks/columnDrag';
import { type IColumn, NAME_COLUMN } from './columns';
import type { ITableView } from './state';

type Arrangement = Pick<ITableView, 'order' | 'pinned'>;

/**
 * The columns as they stand: the run's name, those that are pinned, the rest; each part as the user arranged it, and
 * what was not arranged behind it.
 */
export function arranged(
  columns: readonly IColumn[],
  { order, pinned }: Arrangement
): IColumn[] {
  const part = ({ id }: IColumn) =>
    id === NAME_COLUMN ? 0 : pinned.includes(id) ? 1 : 2;
  const place = ({ id }: IColumn) => {
    const at = order.indexOf(id);
    return at < 0 ? order.length : at;
  };
  return [...columns].sort(
    (left, right) => part(left) - part(right) || place(left) - place(right)
  );
}

/**
 * What is kept when a column was moved. One that is moved onto the run's name or among the pinned ones is pinned, one
 * that leaves them no longer is.
 */
export function arrangementAfter(
  columns: readonly IColumn[],
  { pinned }: Arrangement,
  from: number,
  to: number
): Arrangement {
  const { id } = columns[from];
  const order = moved(columns, from, Math.max(to, 1)).map(column => column.id);
  const last = columns.filter(column => pinned.includes(column.id)).length;
  const others = pinned.filter(name => name !== id);
  // behind the run's name stand the pinned ones
  return { order, pinned: to <= last ? [...others, id] : others };
}
