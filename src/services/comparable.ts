/**
 * How many runs the server compares at once.
 */
export const MOST_COMPARED = 50;

/**
 * The ids as the context menu finds them, if there are as many as the server compares.
 */
export function comparable(
  runIds: readonly string[] | ReadonlySet<string>
): string | undefined {
  // all 100,000 may be chosen: they are counted before they are walked through
  const count = 'size' in runIds ? runIds.size : runIds.length;
  return count > 1 && count <= MOST_COMPARED
    ? [...runIds].join(',')
    : undefined;
}
