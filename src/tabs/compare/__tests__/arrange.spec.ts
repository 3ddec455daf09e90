import { arranged } from '../arrange';

type Value = number | string | null;

function permutations(values: readonly Value[]): Value[][] {
  return values.length === 0
    ? [[]]
    : values.flatMap((value, at) =>
        permutations(values.filter((_, other) => other !== at)).map(rest => [
          value,
          ...rest
        ])
      );
}

describe('the order of the columns', () => {
  it('is that of the values, after the baseline', () => {
    expect(arranged([5, 1, null, 9, 3], true)).toEqual([0, 3, 4, 1, 2]);
    expect(arranged([5, 1, null, 9, 3], false)).toEqual([0, 1, 4, 3, 2]);
  });

  it('takes texts of numbers as numbers, others as texts', () => {
    expect(arranged(['1', '10', '9', null], false)).toEqual([0, 2, 1, 3]);
    expect(arranged(['x', 'sgd', 'adam', '나무'], false)).toEqual([0, 2, 1, 3]);
  });

  it.each<[boolean, Value[]]>([
    [false, [2, '9', '10', ' ', '9a', 'NaN', 'x', null]],
    [true, ['x', 'NaN', '9a', ' ', '10', '9', 2, null]]
  ])(
    'is one however numbers and texts are mixed (%s)',
    (isDescending, wanted) => {
      for (const mixed of permutations(wanted.slice(0, -1))) {
        const values = ['baseline', null, ...mixed];
        const [, ...places] = arranged(values, isDescending);
        expect(places.map(place => values[place])).toEqual(wanted);
      }
    }
  );

  it('leaves equal ones as they are', () => {
    expect(arranged([1, 2, 2, 2], true)).toEqual([0, 1, 2, 3]);
  });
});
