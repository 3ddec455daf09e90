import * as React from 'react';

import type { Deployment } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { RelativeTime } from '../../components/RelativeTime';
import { StateDot } from '../../components/StateDot';
import { useMLOps } from '../../hooks/context';

/**
 * What the deployment served when, newest first, and which revision it serves now.
 */
export function Revisions(props: { deployment: Deployment }): JSX.Element {
  const { trans } = useMLOps();
  const { revision: current, revisions, state } = props.deployment;
  return (
    <table className="jp-MLOpsTable">
      <thead>
        <tr>
          <th scope="col">{trans.__('Revision')}</th>
          <th scope="col">{trans.__('Model')}</th>
          <th scope="col">{trans.__('State')}</th>
          <th scope="col">{trans.__('Time')}</th>
          <th scope="col">{trans.__('Author')}</th>
        </tr>
      </thead>
      <tbody>
        {revisions.map(item => (
          <tr
            key={item.revision}
            aria-current={item.revision === current ? 'true' : undefined}
          >
            <td>{item.revision}</td>
            <td>
              <ModelLink name={item.model_name} version={item.version} />
            </td>
            <td>
              {item.revision === current && <StateDot state={state} label />}
            </td>
            <td>
              <RelativeTime value={item.created_at} />
            </td>
            <td>{item.author}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/**
 * Names a model's version and opens it.
 */
export function ModelLink(props: {
  name: string;
  version: number;
}): JSX.Element {
  const { commands } = useMLOps();
  const { name, version } = props;
  return (
    <button
      type="button"
      className="jp-MLOpsDeployment-link"
      onClick={() =>
        void commands.execute(CommandIDs.openModel, { name, version })
      }
    >
      {`${name} v${version}`}
    </button>
  );
}
