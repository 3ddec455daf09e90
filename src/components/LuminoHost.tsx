import { Widget } from '@lumino/widgets';
import * as React from 'react';

/**
 * Shows a widget of JupyterLab within a view. It is made anew when `deps` change, and disposed of in the end.
 */
export function LuminoHost(props: {
  create: () => Widget;
  deps: React.DependencyList;
}): JSX.Element {
  const host = React.useRef<HTMLDivElement>(null);
  // a layout effect ends before React takes the host away
  React.useLayoutEffect(() => {
    const widget = props.create();
    Widget.attach(widget, host.current!);
    return () => {
      widget.dispose();
    };
  }, props.deps);
  return <div ref={host} />;
}
