// so that spreadsheet programs read it as UTF-8
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Lines of cells as comma-separated values (RFC 4180).
 */
export function csvOf(
  lines: readonly (readonly (string | number | null)[])[]
): string {
  return (
    BYTE_ORDER_MARK +
    lines.map(cells => cells.map(quoted).join(',') + '\r\n').join('')
  );
}

function quoted(cell: string | number | null): string {
  const text = String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
