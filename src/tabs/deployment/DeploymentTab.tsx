import * as React from 'react';

import type { Deployment } from '../../api/types';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { StateDot } from '../../components/StateDot';
import { StateView } from '../../components/StateView';
import { Tabs } from '../../components/Tabs';
import { useMLOps } from '../../hooks/context';
import { LineageLink } from '../lineage/LineageLink';
import { Access } from './Access';
import { Actions } from './Actions';
import { Code } from './Code';
import { useDeployment } from './deployment';
import { useDraft } from './draft';
import { Log } from './Log';
import { ModelLink, Revisions } from './Revisions';
import { TryIt, usePrediction } from './TryIt';

/**
 * A deployment: its state, how to reach it, what it served, what it prints.
 */
export function DeploymentTab(props: { name: string }): JSX.Element {
  const { trans } = useMLOps();
  const { name } = props;
  const { data: deployment, isGone, ...request } = useDeployment(name);
  return (
    <StateView
      {...request}
      isEmpty={deployment === null}
      empty={isGone && trans.__('There is no deployment %1 any more.', name)}
    >
      {deployment && <View key={name} deployment={deployment} />}
    </StateView>
  );
}

function View(props: { deployment: Deployment }): JSX.Element {
  const { trans } = useMLOps();
  const { deployment } = props;
  const { errors, requests } = deployment;
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  const draft = useDraft(deployment);
  const prediction = usePrediction(deployment.name);
  return (
    <div className="jp-MLOpsDeployment">
      <Header deployment={deployment} />
      <dl className="jp-MLOpsFacts">
        <Access deployment={deployment} onNewToken={redraw} />
        <dt>{trans.__('Requests')}</dt>
        <dd>{requests}</dd>
        <dt>{trans.__('Errors')}</dt>
        <dd>{errors}</dd>
        <dt>{trans.__('Lineage')}</dt>
        <dd>
          <LineageLink node={`deployment:${deployment.name}`} />
        </dd>
      </dl>
      <Tabs
        label={trans.__('Deployment %1', deployment.name)}
        tabs={[
          {
            id: 'try-it',
            title: trans.__('Try it'),
            render: () => <TryIt draft={draft} prediction={prediction} />
          },
          {
            id: 'code',
            title: trans.__('Code'),
            render: () => (
              <Code deployment={deployment} payload={draft.payload} />
            )
          },
          {
            id: 'revisions',
            title: trans.__('Revisions'),
            render: () => <Revisions deployment={deployment} />
          },
          {
            id: 'log',
            title: trans.__('Log'),
            render: () => <Log deployment={deployment} />
          }
        ]}
      />
    </div>
  );
}

function Header(props: { deployment: Deployment }): JSX.Element {
  const { trans } = useMLOps();
  const { deployment } = props;
  const { message, model_name: model, name, state, version } = deployment;
  return (
    <div className="jp-MLOpsDeployment-header">
      <h2>
        <MiddleEllipsis text={name} />
      </h2>
      <span role="status">
        <StateDot state={state} label />
      </span>
      <ModelLink name={model} version={version} />
      <Actions deployment={deployment} />
      {message && (
        <p
          className={
            state === 'failed'
              ? 'jp-MLOpsDeployment-failure'
              : 'jp-MLOpsDeployment-hint'
          }
        >
          {state === 'failed'
            ? `${message}\n${trans.__('The Log below tells more.')}`
            : message}
        </p>
      )}
    </div>
  );
}
