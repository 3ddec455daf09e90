import * as React from 'react';

const TAIL = 10;

/**
 * Text of which the end stays visible where there is no room for all: `very-long…v2.ipynb`.
 */
export function MiddleEllipsis(props: {
  text: string;
  title?: string;
}): JSX.Element {
  const letters = Array.from(props.text);
  const cut = letters.length > 2 * TAIL ? letters.length - TAIL : 0;
  return (
    <span className="jp-MLOpsEllipsis" title={props.title ?? props.text}>
      {cut > 0 && (
        <span className="jp-MLOpsEllipsis-head">
          {letters.slice(0, cut).join('')}
        </span>
      )}
      <span className="jp-MLOpsEllipsis-tail">
        {letters.slice(cut).join('')}
      </span>
    </span>
  );
}
