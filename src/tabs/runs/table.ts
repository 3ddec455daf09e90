import type { Run } from '../../api/types';
import type { ISelection } from '../../hooks/selection';
import type { IColumn } from './columns';
import type { IOrder } from './orders';

/**
 * Pixels, as in style/runs.css.
 */
export const ROW_HEIGHT = 28;

/**
 * What keeps a column in sight: the grid says where the columns before it end.
 */
export function pinOf(
  index: number,
  pinned: number
): { className: string; style?: { left: string } } {
  return index < pinned
    ? {
        className: ` jp-mod-pinned${index === pinned - 1 ? ' jp-mod-last' : ''}`,
        style: { left: `var(--jp-mlops-left-${index})` }
      }
    : { className: '' };
}

export interface IRunTableProps {
  runs: readonly Run[];
  columns: readonly IColumn[];
  widths: Readonly<Record<string, number>>;

  /**
   * How many of the first columns stay in sight; the run's name always does.
   */
  pinned: number;
  orders: readonly IOrder[];
  selection: ISelection;
  hasMore: boolean;
  onMore: () => void;
  onOpen: (run: Run) => void;
  onOrder: (column: IColumn, isFurther: boolean) => void;
  onMove: (from: number, to: number) => void;
  onResize: (column: IColumn, width: number | null) => void;
}
