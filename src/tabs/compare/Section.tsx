import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

/**
 * A row of a section: its name, and a cell for each run.
 */
export interface IRow {
  id: string;
  title: React.ReactNode;

  /**
   * Where the runs stand in the order of the row's values.
   */
  order?: 'ascending' | 'descending' | null;
  cells: readonly React.ReactNode[];
}

/**
 * Rows under a title that folds them; nothing where there are none.
 */
export function Section(props: {
  title: string;
  rows: readonly IRow[];
  columns: number;
  note?: string | null;
}): JSX.Element | null {
  const { columns, note, rows, title } = props;
  const [isOpen, setOpen] = React.useState(true);
  if (rows.length === 0 && !note) {
    return null;
  }
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" className="jp-MLOpsCompare-section">
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <Caret.react tag="span" elementSize="normal" />
            {title}
          </button>
        </th>
        {/* the line goes on below all runs */}
        <td colSpan={columns} />
      </tr>
      {isOpen &&
        rows.map(({ cells, id, order, title: name }) => (
          <tr key={id}>
            <th scope="row" title={id} aria-sort={order ?? undefined}>
              {name}
            </th>
            {cells.map((cell, index) => (
              <td key={index}>{cell}</td>
            ))}
          </tr>
        ))}
      {isOpen && note && (
        <tr>
          <td className="jp-MLOpsRun-hint">{note}</td>
          <td colSpan={columns} />
        </tr>
      )}
    </tbody>
  );
}
