/**
 * How a language writes JSON's values down.
 */
export interface INotation {
  true: string;
  false: string;
  null: string;
  indent: string;
}

const JSON_NOTATION: INotation = {
  true: 'true',
  false: 'false',
  null: 'null',
  indent: '  '
};
const WIDTH = 80;

// control characters that a terminal obeys when they are pasted, and line ends that only some languages know
const UNSAFE = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

/**
 * Writes a value that came as JSON so that people can read it: what fits into a line stays in one, and a long array of
 * plain values fills lines.
 */
export function formatJson(
  value: unknown,
  notation: INotation = JSON_NOTATION
): string {
  return format(value, '', 0, notation);
}

/**
 * A string as JSON and most languages write it.
 */
export function quoteString(text: string): string {
  return JSON.stringify(text).replace(
    UNSAFE,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
}

/**
 * `column` is where the value begins in its line, `margin` what is put before the lines that follow.
 */
function format(
  value: unknown,
  margin: string,
  column: number,
  notation: INotation
): string {
  const line = compact(value, notation);
  if (
    typeof value !== 'object' ||
    value === null ||
    column + line.length <= WIDTH
  ) {
    return line;
  }
  const inner = margin + notation.indent;
  const formatMember = (name: string, item: unknown) =>
    name + format(item, inner, inner.length + name.length, notation);
  const lines = !Array.isArray(value)
    ? Object.entries(value).map(([key, item]) =>
        formatMember(`${quoteString(key)}: `, item)
      )
    : value.some(isNested)
      ? value.map(item => formatMember('', item))
      : fill(value, WIDTH - inner.length, notation);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${inner}${lines.join(`,\n${inner}`)}\n${margin}${close}`;
}

function compact(value: unknown, notation: INotation): string {
  if (Array.isArray(value)) {
    return `[${value.map(item => compact(item, notation)).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, item]) => `${quoteString(key)}: ${compact(item, notation)}`
    );
    return `{${members.join(', ')}}`;
  }
  return scalar(value, notation);
}

function scalar(value: unknown, notation: INotation): string {
  if (typeof value === 'string') {
    return quoteString(value);
  }
  if (typeof value === 'boolean') {
    return value ? notation.true : notation.false;
  }
  return typeof value === 'number' && Number.isFinite(value)
    ? `${value}`
    : notation.null;
}

function fill(
  values: readonly unknown[],
  width: number,
  notation: INotation
): string[] {
  const lines: string[] = [];
  let line = '';
  for (const text of values.map(value => scalar(value, notation))) {
    const longer = line === '' ? text : `${line}, ${text}`;
    if (line !== '' && longer.length >= width) {
      lines.push(line);
      line = text;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
