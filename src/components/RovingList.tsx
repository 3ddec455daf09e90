import * as React from 'react';

import { useRovingList } from '../hooks/roving';

/**
 * Attributes by which JupyterLab's context menu finds the row and its commands find the item.
 */
export type RowData = Record<`data-${string}`, string | number>;

/**
 * A list of rows that open on click and on Enter.
 */
export function RovingList<T>(props: {
  label: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  describe: (item: T) => { label: string; title?: string; data?: RowData };
  render: (item: T) => React.ReactNode;
  onOpen: (item: T) => void;
}): JSX.Element {
  const { listProps, rowProps } = useRovingList(props.items.length, index =>
    props.onOpen(props.items[index])
  );
  return (
    <ul className="jp-MLOpsList" aria-label={props.label} {...listProps}>
      {props.items.map((item, index) => {
        const { label, title, data } = props.describe(item);
        return (
          <li
            key={props.keyOf(item)}
            className="jp-MLOpsRow"
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
