/**
 * The places of values in their order, the first one's before all: it is the baseline. What has no value comes last.
 */
export function arranged(
  values: readonly (number | string | null)[],
  isDescending: boolean
): number[] {
  const places = values.map((_, at) => at).slice(1);
  const compare = (a: number, b: number): number => {
    const [left, right] = [values[a], values[b]];
    if (left === null || right === null) {
      return left === right ? 0 : left === null ? 1 : -1;
    }
    const sign = isDescending ? -1 : 1;
    return sign * (isBelow(left, right) ? -1 : isBelow(right, left) ? 1 : 0);
  };
  return [0, ...places.sort(compare)];
}

/**
 * Numbers before texts, so that the order is one however they are mixed.
 */
function isBelow(left: number | string, right: number | string): boolean {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== null && b !== null) {
    return a < b;
  }
  return a === b ? `${left}` < `${right}` : b === null;
}

// numbers come as texts where they are parameters
function numberOf(value: number | string): number | null {
  const number = `${value}`.trim() === '' ? NaN : Number(value);
  return Number.isNaN(number) ? null : number;
}
