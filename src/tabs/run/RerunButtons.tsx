import * as React from 'react';

import { CommandIDs } from '../../commands/ids';
import { useMLOps } from '../../hooks/context';

/**
 * Brings a snapshot back: its files, or its results.
 */
export function RerunButtons(props: { snapshotId: string }): JSX.Element {
  const { commands, trans } = useMLOps();
  const { snapshotId } = props;
  const actions = [
    [
      CommandIDs.restoreSnapshot,
      trans.__('Restore'),
      trans.__('Write the notebook, its modules and data to a folder')
    ],
    [
      CommandIDs.reproduceSnapshot,
      trans.__('Reproduce'),
      trans.__('Run it again, and compare what comes out')
    ]
  ];
  return (
    <>
      {actions.map(([command, label, title]) => (
        <button
          key={command}
          type="button"
          className="jp-Button jp-mod-styled jp-mod-reject"
          title={title}
          onClick={() => void commands.execute(command, { snapshotId })}
        >
          {label}
        </button>
      ))}
    </>
  );
}
