import type { Run } from '../../api/types';
import { csvOf } from '../../components/csv';
import type { IColumn } from './columns';

/**
 * The runs as comma-separated values, one line each below a line of titles, numbers in full.
 */
export function runsToCsv(
  runs: readonly Run[],
  columns: readonly IColumn[]
): string {
  const titles = columns.map(({ group, id, title }) =>
    group === 'attributes' ? title : id
  );
  const lines = runs.map(run => columns.map(({ valueOf }) => valueOf(run)));
  return csvOf([titles, ...lines]);
}
