import * as React from 'react';

import { CopyButton } from './CopyButton';

/**
 * Text to be read as it is and to be copied whole. `label` names it.
 */
export function CodeBlock(props: { label: string; text: string }): JSX.Element {
  const { label, text } = props;
  return (
    <figure className="jp-MLOpsCode" aria-label={label}>
      <figcaption className="jp-MLOpsCode-caption">
        {label}
        <CopyButton text={text} label={label} />
      </figcaption>
      <pre className="jp-MLOpsCode-text" tabIndex={0}>
        {text}
      </pre>
    </figure>
  );
}
