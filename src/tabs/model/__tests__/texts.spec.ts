import { formatJson } from '../../../components/json';
import { columnsOf, typeText } from '../signature';
import { formatBytes } from '../../../components/size';

describe('formatJson', () => {
  it.each([
    [null, 'null'],
    ['한글 "x"', '"한글 \\"x\\""'],
    [{}, '{}'],
    [[], '[]'],
    [{ a: [1, true, null] }, '{"a": [1, true, null]}'],
    ['\u007f\u2028', '"\\u007f\\u2028"']
  ])('writes %j in one line', (value, text) => {
    expect(formatJson(value)).toBe(text);
  });

  it('breaks what does not fit, and fills lines with plain values', () => {
    const row = Array.from({ length: 30 }, (_, index) => index * 100);
    const text = formatJson({ columns: ['a', 'b'], data: [row, [1]] });
    expect(text).toBe(`{
  "columns": ["a", "b"],
  "data": [
    [
      0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200, 1300,
      1400, 1500, 1600, 1700, 1800, 1900, 2000, 2100, 2200, 2300, 2400, 2500,
      2600, 2700, 2800, 2900
    ],
    [1]
  ]
}`);
    expect(JSON.parse(text)).toEqual({ columns: ['a', 'b'], data: [row, [1]] });
  });
});

describe('columnsOf', () => {
  it('reads columns, tensors and optional ones', () => {
    const inputs = [
      { type: 'double', name: 'age', required: true },
      { type: 'string', required: false },
      { type: 'array', items: { type: 'long' }, name: 'ids' },
      {
        type: 'tensor',
        'tensor-spec': { dtype: 'uint8', shape: [-1, 28, 28] }
      }
    ];
    const columns = columnsOf({ inputs, outputs: null }, 'inputs');
    expect(columns.map(typeText)).toEqual([
      'double',
      'string',
      'array of long',
      'uint8 (n, 28, 28)'
    ]);
    expect(columns.map(({ name }) => name)).toEqual(['age', null, 'ids', null]);
    expect(columns.map(({ isRequired }) => isRequired)).toEqual([
      true,
      false,
      true,
      true
    ]);
  });

  it.each([null, {}, { inputs: null }, { inputs: 'text' }])(
    'finds nothing in %j',
    signature => {
      expect(columnsOf(signature, 'inputs')).toEqual([]);
    }
  );
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [12_345, '12.3 kB'],
    [999_700, '1 MB'],
    [5_000_000_000, '5 GB']
  ])('writes %d as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
