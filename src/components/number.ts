const DIGITS = 4;
const LARGEST_PLAIN = 1e6;
const SMALLEST_PLAIN = 1e-4;

/**
 * Four significant digits; whole numbers below a million stay whole.
 *
 * `null` is what JSON makes of NaN and of infinity.
 */
export function formatNumber(value: number | null): string {
  if (value === null || Number.isNaN(value)) {
    return 'NaN';
  }
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < LARGEST_PLAIN) {
    return `${value}`;
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? '∞' : '−∞';
  }
  if (size >= LARGEST_PLAIN || size < SMALLEST_PLAIN) {
    return value.toExponential(DIGITS - 1).replace(/\.?0+e/, 'e');
  }
  return `${Number(value.toPrecision(DIGITS))}`;
}
