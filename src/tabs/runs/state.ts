import { useStored } from '../../hooks/stored';
import type { IOrder } from './orders';

/**
 * How the runs of an experiment are shown.
 */
export interface ITableView {
  /**
   * Ids of the columns, or `null` for those that are shown until the user chooses.
   */
  columns: string[] | null;
  widths: Record<string, number>;

  /**
   * Ids of the columns as the user arranged them, and of those that stay in sight at the left.
   */
  order: string[];
  pinned: string[];
  orders: IOrder[];
}

export interface ITableState {
  /**
   * The experiment, or `null` for all of them.
   */
  experimentId: string | null;
  filter: string;
  views: Record<string, ITableView>;
}

const KEY = 'jupyter-mlops:runs-table';
const FIRST: ITableState = { experimentId: null, filter: '', views: {} };
const PLAIN: ITableView = {
  columns: null,
  widths: {},
  order: [],
  pinned: [],
  orders: []
};

/**
 * What the table remembers over reloads; `state` is `null` until it is read.
 */
export function useTableState(): {
  state: ITableState | null;
  view: ITableView;
  setState: (changes: Partial<ITableState>) => void;
  setView: (changes: Partial<ITableView>) => void;
} {
  const [state, store] = useStored(KEY, FIRST);
  const current = state ?? FIRST;
  const name = current.experimentId ?? '*';
  const view = { ...PLAIN, ...current.views[name] };
  const setState = (changes: Partial<ITableState>) =>
    store({ ...current, ...changes });
  return {
    state,
    view,
    setState,
    setView: changes =>
      setState({ views: { ...current.views, [name]: { ...view, ...changes } } })
  };
}
