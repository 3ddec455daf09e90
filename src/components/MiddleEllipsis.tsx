import * as React from 'react';

const TAIL = 10;

// file names of macOS have 한글 in pieces, which must not be parted
const segmenter = new Intl.Segmenter();

/**
 * Text of which the end stays visible where there is no room for all: `very-long…v2.ipynb`.
 */
export function MiddleEllipsis(props: {
  text: string;
  title?: string;
}): JSX.Element {
  // a letter has one or more units: short is short, without counting
  const isShort = props.text.length <= 2 * TAIL;
  const letters = isShort
    ? [props.text]
    : Array.from(segmenter.segment(props.text), ({ segment }) => segment);
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
