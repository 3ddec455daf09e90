import * as React from 'react';

import type { LiveModel } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { modelFacts } from '../../components/modelFacts';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useExperiment, useNotebook } from '../../hooks/notebook';

/**
 * The models alive in the notebook's kernel, each with the way into the registry.
 */
export function LiveModelsPanel(): JSX.Element {
  const { trans } = useMLOps();
  const experiment = useExperiment();
  const { data, error, phase } = experiment;
  const models = data?.models ?? [];
  return (
    <StateView
      phase={phase}
      error={error}
      retry={() => void experiment.refresh()}
      isEmpty={models.length === 0}
      empty={<Empty isLive={data?.live ?? false} />}
    >
      <ul className="jp-MLOpsList" aria-label={trans.__('Models alive')}>
        {models.map(model => (
          <Row key={model.variable} model={model} />
        ))}
      </ul>
    </StateView>
  );
}

function Row({ model }: { model: LiveModel }): JSX.Element {
  const { commands, trans } = useMLOps();
  const { class_name: className, supported, variable } = model;
  const facts = modelFacts(model, trans).join(' · ');
  return (
    <li className="jp-MLOpsFound-row jp-mod-model">
      <MiddleEllipsis text={variable} />
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-minimal"
        aria-label={trans.__('Register %1…', variable)}
        disabled={!supported}
        onClick={() =>
          void commands.execute(CommandIDs.registerModel, { variable })
        }
      >
        {trans.__('Register…')}
      </button>
      <span className="jp-MLOpsData-facts">
        {className} · {facts}
      </span>
    </li>
  );
}

function Empty({ isLive }: { isLive: boolean }): JSX.Element {
  const { trans } = useMLOps();
  const language = useNotebook()?.panel.context.model.defaultKernelLanguage;
  return (
    <>
      {!isLive
        ? trans.__('No kernel runs. Run the notebook to see its models here.')
        : language && language.toLowerCase() !== 'python'
          ? trans.__('Only models in Python kernels can be seen.')
          : trans.__(
              'No model is alive. Run the cells that fit one, and register it here.'
            )}
    </>
  );
}
