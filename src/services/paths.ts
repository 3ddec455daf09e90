import type { Status } from '../api/types';

/**
 * The path by which Jupyter knows a file of the project, or `null` if it lies outside of what Jupyter shows.
 */
export function jupyterPath(
  { project, root }: Pick<Status, 'project' | 'root'>,
  path: string
): string | null {
  const absolute = path.startsWith('/') ? path : `${project}/${path}`;
  const base = root.endsWith('/') ? root : `${root}/`;
  return absolute.startsWith(base) ? absolute.slice(base.length) : null;
}
