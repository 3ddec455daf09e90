// so that spreadsheet programs read it as UTF-8
const BYTE_ORDER_MARK = '\uFEFF';

// what spreadsheet programs take for the begin of a formula (OWASP, "CSV Injection")
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Lines of cells as comma-separated values (RFC 4180). Before texts that a spreadsheet program would run as formulas
 * stands an apostrophe; numbers stay as they are, also those in texts.
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
  const text = typeof cell === 'string' ? guarded(cell) : String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function guarded(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
