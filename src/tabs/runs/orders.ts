import type { IColumn } from './columns';

/**
 * A sort key of the table.
 */
export interface IOrder {
  id: string;
  isDescending: boolean;
}

/**
 * The sort keys after a click on a column: alone or further to those there are; best first, then the other way round,
 * then not at all.
 */
export function ordersAfter(
  orders: readonly IOrder[],
  { group, id }: Pick<IColumn, 'group' | 'id'>,
  isFurther: boolean
): IOrder[] {
  // the greatest score and the newest run are what one looks for first
  const first = group === 'metrics' || id.endsWith('_time');
  const old = orders.find(order => order.id === id);
  const next: IOrder[] =
    old === undefined
      ? [{ id, isDescending: first }]
      : old.isDescending === first
        ? [{ id, isDescending: !first }]
        : [];
  if (!isFurther) {
    return next;
  }
  return old === undefined
    ? [...orders, ...next]
    : orders.flatMap(order => (order === old ? next : [order]));
}

/**
 * The same in MLflow's grammar, or `null` for the server's own order.
 */
export function orderBy(orders: readonly IOrder[]): string | null {
  const clauses = orders.map(
    ({ id, isDescending }) => `${id} ${isDescending ? 'DESC' : 'ASC'}`
  );
  return clauses.join(', ') || null;
}
