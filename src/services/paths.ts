import type { Status } from '../api/types';

/**
 * The path by which the server part knows a file of Jupyter's: relative to the project where it lies in it.
 */
export function projectPath(
  { project, root }: Pick<Status, 'project' | 'root'>,
  path: string
): string {
  const absolute = root.endsWith('/') ? root + path : `${root}/${path}`;
  const base = project.endsWith('/') ? project : `${project}/`;
  return absolute.startsWith(base) ? absolute.slice(base.length) : absolute;
}

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
