/**
 * A field that runs can be searched by.
 */
export interface IField {
  name: string;
  kind: 'number' | 'text' | 'optional';
}

/**
 * What the text from `from` to the cursor may be replaced by.
 */
export interface ICompletion {
  from: number;
  options: string[];
}

type Expected = 'field' | 'operator' | 'value' | 'and';

interface IToken {
  text: string;
  start: number;
  end: number;
}

const NUMERIC = ['>', '>=', '<', '<=', '=', '!='];
const TEXT = ['=', '!=', 'LIKE', 'ILIKE'];
const OPERATORS: Record<IField['kind'], string[]> = {
  number: NUMERIC,
  text: TEXT,
  optional: [...TEXT, 'IS NULL', 'IS NOT NULL']
};
const MOST_OPTIONS = 50;

// a quote that is still open ends with the text
const TOKEN = /'(?:[^']|'')*'?|(?:[^\s'"`<>=!]|`[^`]*`?|"[^"]*"?)+|[<>=!]+/g;

/**
 * What may stand at the end of a text in MLflow's search grammar.
 *
 * @param valuesOf - known values of a field, to choose from.
 */
export function complete(
  text: string,
  fields: readonly IField[],
  valuesOf: (field: string) => string[]
): ICompletion {
  const tokens = tokenize(text);
  const last = tokens.at(-1);
  const word = last?.end === text.length ? tokens.pop()! : null;
  const { expected, field } = expectation(tokens);
  const all = choices(expected, field, fields, valuesOf);
  return {
    from: word?.start ?? text.length,
    options: matching(all, word?.text ?? '')
  };
}

/**
 * The filter that is meant: words that are no condition are looked for in the names of runs.
 */
export function filterOf(text: string): string | null {
  const wanted = text.trim();
  if (wanted === '') {
    return null;
  }
  // a condition has an operator, with or without blanks around it
  return /[<>=]|\s(?:(?:i?like|in)\s|is\s|not\s)/i.test(wanted)
    ? wanted
    : `attributes.run_name ILIKE ${containing(wanted)}`;
}

// words have no wildcards: f_1 is not looked for as f?1
function containing(words: string): string {
  const literal = words.replace(/[\\%_]/g, '\\$&');
  const pattern = `'%${literal.replaceAll("'", "''")}%'`;
  return literal === words ? pattern : `${pattern} ESCAPE '\\'`;
}

function tokenize(text: string): IToken[] {
  return Array.from(text.matchAll(TOKEN), ({ 0: token, index }) => ({
    text: token,
    start: index,
    end: index + token.length
  }));
}

/**
 * What is expected after whole tokens, and which field was named last.
 */
function expectation(tokens: readonly IToken[]): {
  expected: Expected;
  field: string;
} {
  let expected: Expected = 'field';
  let field = '';
  for (const { text } of tokens) {
    const word = text.toUpperCase();
    if (expected === 'field') {
      field = text;
      expected = 'operator';
    } else if (expected === 'operator') {
      // IS and IS NOT want a word more
      expected =
        word === 'IS' || word === 'NOT'
          ? 'operator'
          : word === 'NULL'
            ? 'and'
            : 'value';
    } else if (expected === 'value') {
      expected = 'and';
    } else if (word === 'AND') {
      expected = 'field';
    }
  }
  return { expected, field };
}

function choices(
  expected: Expected,
  field: string,
  fields: readonly IField[],
  valuesOf: (field: string) => string[]
): string[] {
  switch (expected) {
    case 'field':
      return fields.map(({ name }) => name);
    case 'operator':
      return OPERATORS[
        fields.find(({ name }) => name === field)?.kind ?? 'text'
      ];
    case 'value':
      return valuesOf(field).map(value => `'${value.replaceAll("'", "''")}'`);
    default:
      return ['AND'];
  }
}

/**
 * Those that begin with the word, then those that have it; none when it is whole already.
 */
function matching(options: readonly string[], word: string): string[] {
  const wanted = word.toLowerCase();
  const lower = (option: string) => option.toLowerCase();
  const found = options.filter(option => lower(option).includes(wanted));
  found.sort(
    (left, right) =>
      Number(lower(right).startsWith(wanted)) -
      Number(lower(left).startsWith(wanted))
  );
  return found.length === 1 && found[0] === word
    ? []
    : found.slice(0, MOST_OPTIONS);
}
