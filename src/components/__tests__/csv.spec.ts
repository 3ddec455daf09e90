import { csvOf } from '../csv';

const cellOf = (cell: string | number | null): string =>
  csvOf([[cell]]).slice(1, -2);

describe('a cell of a CSV file', () => {
  it.each([
    ["=HYPERLINK('https://host')", "'=HYPERLINK('https://host')"],
    ['=1+1', "'=1+1"],
    ['+1+cmd', "'+1+cmd"],
    ['-1-1', "'-1-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1+1', "'\t=1+1"],
    ['\r=1', '"\'\r=1"'],
    ['＝1+1', "'＝1+1"],
    ['=A1,"b"', '"\'=A1,""b"""'],
    ['--lr', "'--lr"]
  ])('is no formula: %j', (cell, written) =>
    expect(cellOf(cell)).toBe(written)
  );

  it.each([
    [-0.5, '-0.5'],
    [-1e-7, '-1e-7'],
    [-Infinity, '-Infinity'],
    ['-0.5', '-0.5'],
    ['+1.5E+3', '+1.5E+3'],
    ['-.5', '-.5'],
    ['a=b', 'a=b'],
    ['한글', '한글'],
    ['', ''],
    [null, '']
  ])('stays as it is: %j', (cell, written) =>
    expect(cellOf(cell)).toBe(written)
  );

  it('is guarded among titles, too', () => {
    expect(
      csvOf([
        ['=name', 'f1'],
        ['run', -1]
      ])
    ).toBe("\uFEFF'=name,f1\r\nrun,-1\r\n");
  });
});
