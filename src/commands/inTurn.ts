/**
 * Does something to one after the other, and stops at the first that refuses.
 */
export async function inTurn<T>(
  ids: readonly string[],
  action: (id: string) => Promise<T>
): Promise<T[]> {
  const results: T[] = [];
  for (const id of ids) {
    results.push(await action(id));
  }
  return results;
}
