import * as React from 'react';

import type { RegisteredModel } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { Chip } from '../components/Chip';
import { MiddleEllipsis } from '../components/MiddleEllipsis';
import { RelativeTime } from '../components/RelativeTime';
import { RovingList } from '../components/RovingList';
import { StateView } from '../components/StateView';
import { useCollection } from '../hooks/collection';
import { useMLOps } from '../hooks/context';
import type { IStale } from '../hooks/stale';
import { useStale } from '../hooks/stale';
import { lineageData, StaleMark, staleWords } from '../tabs/lineage/StaleMark';

/**
 * The registered models with their newest version and their aliases.
 */
export function ModelsPanel(): JSX.Element {
  const { mlops, commands, trans } = useMLOps();
  const models = useCollection(mlops.models);
  const stale = useStale();
  return (
    <StateView
      phase={models.phase}
      error={models.error}
      retry={() => void models.refresh()}
      isEmpty={models.items.length === 0}
      empty={trans.__(
        'Fit a model in a notebook, then click Register model to keep it as a version that can be deployed.'
      )}
    >
      <RovingList
        label={trans.__('Models')}
        items={models.items}
        keyOf={model => model.name}
        describe={model => ({
          label: [
            model.name,
            newest(model),
            ...aliases(model),
            staleWords(stale.model(model.name), trans, other(model, stale))
          ]
            .filter(part => part !== '')
            .join(', '),
          data: {
            'data-model': model.name,
            ...lineageData(
              stale.model(model.name),
              model.latest_version > 0
                ? `version:${model.name}/${model.latest_version}`
                : null
            )
          }
        })}
        render={model => (
          <ModelRow
            model={model}
            stale={
              <StaleMark
                node={stale.model(model.name)}
                version={other(model, stale)}
              />
            }
          />
        )}
        onOpen={({ name }) => {
          void commands.execute(CommandIDs.openModel, { name });
        }}
      />
      {models.hasMore && (
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-minimal jp-MLOpsMore"
          onClick={() => void models.loadMore()}
        >
          {trans.__('Show more')}
        </button>
      )}
    </StateView>
  );
}

function ModelRow(props: {
  model: RegisteredModel;
  stale: JSX.Element;
}): JSX.Element {
  const { model, stale } = props;
  const { name, description } = model;
  const chips = aliases(model);
  return (
    <>
      <div className="jp-MLOpsRow-line">
        <MiddleEllipsis text={name} title={description || name} />
        <span className="jp-MLOpsRow-version">{newest(model)}</span>
        <RelativeTime value={model.updated_at} style="narrow" />
      </div>
      {chips.length > 0 && (
        <div className="jp-MLOpsRow-line jp-mod-second">
          {chips.map(alias => (
            <Chip key={alias}>{alias}</Chip>
          ))}
        </div>
      )}
      {stale}
    </>
  );
}

/**
 * The stale version, if it is not the newest one.
 */
function other(
  { latest_version: latest, name }: RegisteredModel,
  stale: IStale
): string | undefined {
  const version = stale.model(name)?.version ?? latest;
  return version === latest ? undefined : `v${version}`;
}

/**
 * The newest version; clients of MLflow make models that have none yet.
 */
function newest({ latest_version }: RegisteredModel): string {
  return latest_version > 0 ? `v${latest_version}` : '';
}

function aliases({ aliases: targets }: RegisteredModel): string[] {
  return Object.entries(targets).map(
    ([alias, version]) => `★${alias} v${version}`
  );
}
