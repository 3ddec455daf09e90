import { Clipboard } from '@jupyterlab/apputils';
import { checkIcon, copyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { useMLOps } from '../hooks/context';

const SHOWN_MS = 1500;

/**
 * Copies the text and says so for a moment. `label` names what is copied, for example `URL`.
 */
export function CopyButton(props: {
  text: string;
  label: string;
}): JSX.Element {
  const { trans } = useMLOps();
  const [copied, setCopied] = React.useState(false);
  React.useEffect(() => {
    if (copied) {
      const timer = window.setTimeout(() => setCopied(false), SHOWN_MS);
      return () => window.clearTimeout(timer);
    }
  }, [copied]);
  const name = trans.__('Copy %1', props.label);
  const Icon = copied ? checkIcon : copyIcon;
  return (
    <button
      type="button"
      className="jp-MLOpsIconButton"
      aria-label={name}
      title={copied ? trans.__('Copied') : name}
      onClick={() => {
        Clipboard.copyToSystem(props.text);
        setCopied(true);
      }}
    >
      <Icon.react tag="span" elementSize="normal" />
      <span className="jp-MLOpsHidden" role="status">
        {copied ? trans.__('Copied') : ''}
      </span>
    </button>
  );
}
