import * as React from 'react';

import { errorMessage } from '../api/request';
import { useMLOps } from '../hooks/context';

/**
 * Shows a view that is loaded when it is first drawn, or says why it cannot be shown.
 */
export function LazyView(props: { children: React.ReactNode }): JSX.Element {
  return (
    <Boundary>
      <React.Suspense fallback={<div className="jp-MLOpsState-bar" />}>
        {props.children}
      </React.Suspense>
    </Boundary>
  );
}

class Boundary extends React.Component<
  { children: React.ReactNode },
  { reason: unknown }
> {
  state = { reason: null };

  static getDerivedStateFromError(reason: unknown): { reason: unknown } {
    return { reason };
  }

  render(): React.ReactNode {
    const { reason } = this.state;
    return reason === null ? this.props.children : <Broken reason={reason} />;
  }
}

/**
 * Whether the bundler's loader could not get a file: the server was away, or has another version by now.
 */
function isUnloaded(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'ChunkLoadError';
}

function Broken(props: { reason: unknown }): JSX.Element {
  const { trans } = useMLOps();
  return (
    <div className="jp-MLOpsState-failure" role="alert">
      {isUnloaded(props.reason)
        ? trans.__(
            'This view could not be loaded. Reload the page when the Jupyter server answers.'
          )
        : trans.__(
            'This view cannot be shown (%1). Reload the page.',
            errorMessage(props.reason)
          )}
    </div>
  );
}
