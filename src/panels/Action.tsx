import * as React from 'react';

/**
 * A plain button of the sidebar.
 */
export function Action(props: {
  text: string;
  isOff?: boolean;
  onClick: () => void;
}): JSX.Element {
  const { isOff, onClick, text } = props;
  return (
    <button
      type="button"
      className="jp-Button jp-mod-styled jp-mod-minimal"
      disabled={isOff}
      onClick={onClick}
    >
      {text}
    </button>
  );
}
