import * as React from 'react';

import { useRovingList } from '../hooks/roving';
import type { ISelection } from '../hooks/selection';

/**
 * Attributes by which JupyterLab's context menu finds the row and its commands find the item.
 */
export type RowData = Record<`data-${string}`, string | number>;

/**
 * A list of rows that open on click and on Enter, and that may be chosen.
 */
export function RovingList<T>(props: {
  label: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  describe: (item: T) => { label: string; title?: string; data?: RowData };
  render: (item: T) => React.ReactNode;
  onOpen: (item: T) => void;
  selection?: ISelection;
}): JSX.Element {
  const { selection } = props;
  const { listProps, rowProps } = useRovingList(
    props.items.length,
    index => props.onOpen(props.items[index]),
    selection?.choose
  );
  return (
    <ul className="jp-MLOpsList" aria-label={props.label} {...listProps}>
      {props.items.map((item, index) => {
        const { label, title, data } = props.describe(item);
        const key = props.keyOf(item);
        return (
          <li
            key={key}
            className={`jp-MLOpsRow${selection?.ids.has(key) ? ' jp-mod-selected' : ''}`}
            aria-label={label}
            title={title}
            {...data}
            {...rowProps(index)}
          >
            {props.render(item)}
          </li>
        );
      })}
    </ul>
  );
}
