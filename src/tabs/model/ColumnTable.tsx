import * as React from 'react';

import { useMLOps } from '../../hooks/context';
import type { IColumn } from './signature';
import { typeText } from './signature';

/**
 * What a model takes or returns.
 */
export function ColumnTable(props: {
  caption: string;
  columns: readonly IColumn[];
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { caption, columns } = props;
  if (columns.length === 0) {
    return null;
  }
  return (
    <table className="jp-MLOpsTable jp-MLOpsModel-columns">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{trans.__('Name')}</th>
          <th scope="col">{trans.__('Type')}</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column, index) => (
          <tr key={index}>
            <td>{column.name ?? '–'}</td>
            <td>
              {column.isRequired
                ? typeText(column)
                : trans.__('%1, optional', typeText(column))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
