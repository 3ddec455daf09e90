const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
const STEP = 1000;

/**
 * A number of bytes in three significant digits: `1.23 MB`.
 */
export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  // 999.5 would be written as 1000
  while (size >= STEP - 0.5 && unit < UNITS.length - 1) {
    size /= STEP;
    unit += 1;
  }
  return `${unit === 0 ? size : Number(size.toPrecision(3))} ${UNITS[unit]}`;
}
