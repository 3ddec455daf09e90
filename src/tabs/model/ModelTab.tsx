import * as React from 'react';

import type { RegisteredModelDetail } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { Chip } from '../../components/Chip';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { StateView } from '../../components/StateView';
import { useCollection } from '../../hooks/collection';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { AliasChanges } from './AliasChanges';
import { useChangeCount } from '../../hooks/changes';
import { VersionList } from './VersionList';
import { VersionView } from './VersionView';

/**
 * A registered model: its versions, one of them in full, and the history of its aliases.
 *
 * Without `version` it shows the newest one, also when a newer one appears.
 */
export function ModelTab(props: {
  name: string;
  version?: number;
}): JSX.Element {
  const { mlops } = useMLOps();
  const { name, version } = props;
  const models = useCollection(mlops.models);
  const listed = models.items.find(model => model.name === name);
  const changes = useChangeCount('registry', name);
  const { data: model, ...request } = useRequest(
    () => mlops.client.model(name),
    [name, listed, changes]
  );
  return (
    <StateView {...request} isEmpty={model === null}>
      {model && <Model key={name} model={model} wanted={version} />}
    </StateView>
  );
}

function Model(props: {
  model: RegisteredModelDetail;
  wanted: number | undefined;
}): JSX.Element {
  const { trans } = useMLOps();
  const { model, wanted } = props;
  const { versions } = model;
  const [chosen, choose] = React.useState(wanted);
  React.useEffect(() => choose(wanted), [wanted]);
  const shown =
    versions.find(item => item.version === chosen) ?? versions.at(0);
  return (
    <div className="jp-MLOpsModel">
      <Header model={model} version={shown?.version} />
      {shown ? (
        <div className="jp-MLOpsModel-body">
          <VersionList
            versions={versions}
            shown={shown.version}
            onShow={choose}
          />
          <div className="jp-MLOpsModel-content">
            <VersionView version={shown} />
            <AliasChanges name={model.name} revision={model} />
          </div>
        </div>
      ) : (
        <p className="jp-MLOpsState-empty">
          {trans.__(
            'This model has no version. Click Register model in a notebook or a run to add one.'
          )}
        </p>
      )}
    </div>
  );
}

function Header(props: {
  model: RegisteredModelDetail;

  /**
   * The one that is shown; none of a model that has no version.
   */
  version: number | undefined;
}): JSX.Element {
  const { commands, trans } = useMLOps();
  const { model, version } = props;
  const { aliases, description, name } = model;
  return (
    <div className="jp-MLOpsModel-header">
      <h2>
        <MiddleEllipsis text={name} />
      </h2>
      <span className="jp-MLOpsModel-aliases">
        {Object.entries(aliases).map(([alias, target]) => (
          <Chip key={alias}>{`★${alias} → v${target}`}</Chip>
        ))}
      </span>
      {version !== undefined && (
        <span className="jp-MLOpsModel-buttons">
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-accept"
            onClick={() =>
              void commands.execute(CommandIDs.deployModel, { name, version })
            }
          >
            {trans.__('Deploy')}
          </button>
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-reject"
            onClick={() =>
              void commands.execute(CommandIDs.setAlias, { name, version })
            }
          >
            {trans.__('Set alias…')}
          </button>
        </span>
      )}
      {description && (
        <p className="jp-MLOpsModel-description">{description}</p>
      )}
    </div>
  );
}
