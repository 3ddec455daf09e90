import * as React from 'react';

import type { Deployment, LineageNode } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { CopyButton } from '../components/CopyButton';
import { MiddleEllipsis } from '../components/MiddleEllipsis';
import { RovingList } from '../components/RovingList';
import { StateDot, stateName } from '../components/StateDot';
import { StateView } from '../components/StateView';
import { useCollection } from '../hooks/collection';
import { useMLOps } from '../hooks/context';
import { useStale } from '../hooks/stale';
import { lineageData, StaleMark, staleWords } from '../tabs/lineage/StaleMark';

/**
 * The deployments with their state, what they serve and where.
 */
export function DeploymentsPanel(): JSX.Element {
  const { mlops, commands, trans } = useMLOps();
  const { deployments } = mlops;
  useCollection(deployments);
  const stale = useStale();
  return (
    <StateView
      phase={deployments.phase}
      error={deployments.error}
      retry={() => void deployments.refresh()}
      isEmpty={deployments.items.length === 0}
      empty={trans.__(
        'Deploy a registered model to get a URL that answers predictions.'
      )}
    >
      <RovingList
        label={trans.__('Deployments')}
        items={deployments.items}
        keyOf={deployment => deployment.name}
        describe={({ name, model_name: model, state, version }) => ({
          label: [
            name,
            stateName(state, trans),
            `${model} v${version}`,
            staleWords(stale.deployment(name), trans)
          ]
            .filter(part => part !== '')
            .join(', '),
          data: {
            'data-deployment': name,
            ...lineageData(stale.deployment(name), `deployment:${name}`)
          }
        })}
        render={deployment => (
          <DeploymentRow
            deployment={deployment}
            stale={stale.deployment(deployment.name)}
          />
        )}
        onOpen={({ name }) => {
          void commands.execute(CommandIDs.openDeployment, { name });
        }}
      />
    </StateView>
  );
}

function DeploymentRow(props: {
  deployment: Deployment;
  stale: LineageNode | null;
}): JSX.Element {
  const { trans } = useMLOps();
  const {
    name,
    model_name: model,
    message,
    state,
    url,
    version
  } = props.deployment;
  const detail = state === 'failed' ? message : url;
  return (
    <>
      <div className="jp-MLOpsRow-line">
        <StateDot state={state} />
        <MiddleEllipsis text={name} />
        <span className="jp-MLOpsRow-version">
          {name === model ? `v${version}` : `${model} v${version}`}
        </span>
        <span className="jp-MLOpsRow-state">{stateName(state, trans)}</span>
      </div>
      {detail && (
        <div className="jp-MLOpsRow-line jp-mod-second">
          <span className="jp-MLOpsRow-facts" title={detail}>
            {detail}
          </span>
          {detail === url && (
            <span onClick={event => event.stopPropagation()}>
              <CopyButton text={url} label={trans.__('URL')} />
            </span>
          )}
        </div>
      )}
      <StaleMark node={props.stale} />
    </>
  );
}
