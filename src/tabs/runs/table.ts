import type { Run } from '../../api/types';
import type { IColumn } from './columns';
import type { IOrder } from './orders';
import type { ISelection } from './selection';

/**
 * Pixels, as in style/runs.css.
 */
export const ROW_HEIGHT = 28;

export interface IRunTableProps {
  runs: readonly Run[];
  columns: readonly IColumn[];
  widths: Readonly<Record<string, number>>;
  orders: readonly IOrder[];
  selection: ISelection;
  hasMore: boolean;
  onMore: () => void;
  onOpen: (run: Run) => void;
  onOrder: (column: IColumn, isFurther: boolean) => void;
  onResize: (column: IColumn, width: number | null) => void;
}
