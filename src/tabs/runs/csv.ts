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

/**
 * Gives the user's browser a file to keep.
 */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // the browser has taken it by the next turn
  window.setTimeout(() => URL.revokeObjectURL(url));
}

function quoted(cell: string | number | null): string {
  const text = String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
