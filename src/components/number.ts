const DIGITS = 4;
const ALL_DIGITS = 17;
const LARGEST_PLAIN = 1e6;
const SMALLEST_PLAIN = 1e-4;

/**
 * Whether a value is infinite: as MLflow does, the server keeps the largest number in its place.
 */
export function isInfinite(value: number): boolean {
  return Math.abs(value) >= Number.MAX_VALUE;
}

/**
 * Four significant digits; whole numbers below a million stay whole.
 *
 * `null` is what JSON makes of NaN and of infinity.
 */
export function formatNumber(value: number | null): string {
  return inDigits(value, DIGITS);
}

/**
 * The same in as many digits more as tell a number apart from another one.
 */
export function formatApart(
  value: number | null,
  other: number | null
): string {
  let digits = DIGITS;
  while (
    value !== other &&
    digits < ALL_DIGITS &&
    inDigits(value, digits) === inDigits(other, digits)
  ) {
    digits += 1;
  }
  return inDigits(value, digits);
}

function inDigits(value: number | null, digits: number): string {
  if (value === null || Number.isNaN(value)) {
    return 'NaN';
  }
  if (Number.isInteger(value) && Math.abs(value) < LARGEST_PLAIN) {
    return `${value}`;
  }
  if (isInfinite(value)) {
    return value > 0 ? '∞' : '−∞';
  }
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  return size >= LARGEST_PLAIN || size < SMALLEST_PLAIN
    ? rounded.toExponential()
    : `${rounded}`;
}
