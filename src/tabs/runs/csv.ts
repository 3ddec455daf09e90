import type { Run } from '../../api/types';
import type { IColumn } from './columns';

// so that spreadsheet programs read it as UTF-8
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The runs as comma-separated values (RFC 4180), one line each below a line of titles, numbers in full.
 */
export function runsToCsv(
  runs: readonly Run[],
  columns: readonly IColumn[]
): string {
  const titles = columns.map(({ group, id, title }) =>
    group === 'attributes' ? title : id
  );
  const lines = runs.map(run => columns.map(({ valueOf }) => valueOf(run)));
  return (
    BYTE_ORDER_MARK +
    [titles, ...lines]
      .map(cells => cells.map(cell => quoted(cell)).join(',') + '\r\n')
      .join('')
  );
}

function quoted(cell: string | number | null): string {
  const text = String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
