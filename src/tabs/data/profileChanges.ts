import type { ColumnProfile, DataProfile } from '../../api/types';

/**
 * A column in two versions of a table; `null` where one has none.
 */
export interface IColumnPair {
  name: string;
  before: ColumnProfile | null;
  after: ColumnProfile | null;
}

/**
 * The columns that are not the same in both, in the order of the newer one, those that went last; and how many are the
 * same. Of columns with one name the first meets the first.
 */
export function profileChanges(
  before: DataProfile,
  after: DataProfile
): { changed: IColumnPair[]; same: number } {
  const left = [...before.columns];
  const take = (name: string) => {
    const index = left.findIndex(column => column.name === name);
    return index < 0 ? null : left.splice(index, 1)[0];
  };
  const pairs: IColumnPair[] = [
    ...after.columns.map(column => ({
      name: column.name,
      before: take(column.name),
      after: column
    })),
    ...left.map(column => ({ name: column.name, before: column, after: null }))
  ];
  const changed = pairs.filter(
    pair => JSON.stringify(pair.before) !== JSON.stringify(pair.after)
  );
  return { changed, same: pairs.length - changed.length };
}
