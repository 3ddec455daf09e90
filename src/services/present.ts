const MARK = 'now:';

/**
 * What stands among ids of runs for the notebook of a run or a snapshot as it is now.
 */
export function presentOf(id: string): string {
  return `${MARK}${id}`;
}

/**
 * The run or the snapshot whose notebook is meant as it is now, `null` where it is itself meant.
 */
export function subjectOfPresent(name: string): string | null {
  return name.startsWith(MARK) ? name.slice(MARK.length) : null;
}
