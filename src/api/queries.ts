import type { Grade } from './types';

/**
 * Which part of a list to read.
 */
export interface IPageQuery {
  limit?: number;
  pageToken?: string | null;
}

/**
 * Which runs to list.
 */
export interface IRunQuery extends IPageQuery {
  notebookPath?: string | null;
  experimentId?: string | null;

  /**
   * Whether those of automatic snapshots are listed too, where no experiment is given.
   */
  automatic?: boolean;

  /**
   * A condition in MLflow's grammar.
   */
  filter?: string | null;

  /**
   * Sort keys in MLflow's grammar, commas between.
   */
  orderBy?: string | null;
}

/**
 * Which snapshots to list.
 */
export interface ISnapshotQuery extends IPageQuery {
  /**
   * Where the notebook is now, relative to the project.
   */
  notebookPath?: string | null;
  tag?: string | null;
  pinned?: boolean | null;

  /**
   * Those that were taken on a save or a whole run, or the others.
   */
  automatic?: boolean | null;
  grade?: Grade | null;

  /**
   * Words that are in the note, a tag or the author's name, or start the id.
   */
  text?: string | null;
}

/**
 * Which part of a metric's course to read, and in how many points.
 */
export interface ISeriesQuery {
  maxPoints?: number;
  startStep?: number | null;
  endStep?: number | null;
}

/**
 * How much of the lineage graph to read; `node` is null for what is newest of all.
 */
export interface ILineageQuery {
  node: string | null;
  direction?: 'upstream' | 'downstream' | 'both';
  limit?: number;
  depth?: number;

  /**
   * How many snapshots of one notebook to follow.
   */
  fan?: number;
}

/**
 * A part of a list, as routes ask for it.
 */
export function page({ limit, pageToken }: IPageQuery): {
  limit?: number;
  page_token?: string | null;
} {
  return { limit, page_token: pageToken };
}
