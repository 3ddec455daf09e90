import * as React from 'react';

import type { Deployment } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { useMLOps } from '../../hooks/context';

/**
 * What can be done with a deployment in its state.
 */
export function Actions(props: { deployment: Deployment }): JSX.Element {
  const { trans } = useMLOps();
  const { name, previous_version: previous, state } = props.deployment;
  return (
    <span className="jp-MLOpsDeployment-buttons">
      <Action
        name={name}
        command={CommandIDs.rollBackDeployment}
        label={trans.__('Roll back')}
        title={
          previous === null
            ? trans.__('No other version was served before')
            : trans.__('Return to version %1', previous)
        }
        isEnabled={previous !== null}
      />
      {state !== 'stopped' && (
        <Action
          name={name}
          command={CommandIDs.stopDeployment}
          label={trans.__('Stop')}
        />
      )}
      {(state === 'stopped' || state === 'failed') && (
        <Action
          name={name}
          command={CommandIDs.startDeployment}
          label={trans.__('Start')}
        />
      )}
      <Action
        name={name}
        command={CommandIDs.deleteDeployment}
        label={trans.__('Delete')}
      />
    </span>
  );
}

function Action(props: {
  name: string;
  command: string;
  label: string;
  title?: string;
  isEnabled?: boolean;
}): JSX.Element {
  const { commands } = useMLOps();
  const { command, isEnabled = true, label, name, title } = props;
  return (
    <button
      type="button"
      className="jp-Button jp-mod-styled jp-mod-reject"
      title={title}
      disabled={!isEnabled}
      onClick={() => void commands.execute(command, { name })}
    >
      {label}
    </button>
  );
}
