import type { LabIcon } from '@jupyterlab/ui-components';
import { ellipsesIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { useMLOps } from '../hooks/context';

/**
 * A button on a row, for the mouse: keys find the same in the row's context menu. Its clicks are not the row's.
 */
export function RowButton(props: {
  icon: LabIcon;
  name: string;
  onClick: (event: React.MouseEvent) => void;
}): JSX.Element {
  const { icon: Icon, name, onClick } = props;
  return (
    <button
      type="button"
      className="jp-MLOpsIconButton"
      tabIndex={-1}
      aria-label={name}
      title={name}
      onClick={event => {
        event.stopPropagation();
        onClick(event);
      }}
    >
      <Icon.react tag="span" elementSize="normal" />
    </button>
  );
}

/**
 * Opens the row's context menu.
 */
export function MoreButton(): JSX.Element {
  const { trans } = useMLOps();
  return (
    <RowButton
      icon={ellipsesIcon}
      name={trans.__('More')}
      onClick={openContextMenu}
    />
  );
}

/**
 * JupyterLab opens its menu at this event, as at a right click.
 */
function openContextMenu({ clientX, clientY, target }: React.MouseEvent): void {
  target.dispatchEvent(
    new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      clientX,
      clientY
    })
  );
}
