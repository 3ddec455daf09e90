import * as React from 'react';

/**
 * A short label, such as an alias.
 */
export function Chip(props: {
  children: React.ReactNode;
  title?: string;
}): JSX.Element {
  return (
    <span className="jp-MLOpsChip" title={props.title}>
      {props.children}
    </span>
  );
}
