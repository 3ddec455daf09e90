import * as React from 'react';

import type { LiveParameter } from '../../api/types';
import { refuse } from '../../commands/notify';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useExperiment, useNotebook } from '../../hooks/notebook';
import { tagParameters } from '../../services/parametersCell';
import { CellLink } from './CellLink';

/**
 * The parameters of the notebook, with the values that a snapshot would keep.
 */
export function ParametersPanel(): JSX.Element {
  const { trans } = useMLOps();
  const experiment = useExperiment();
  const { data, error, phase } = experiment;
  const parameters = data?.parameters ?? [];
  return (
    <StateView
      phase={phase}
      error={error}
      retry={() => void experiment.refresh()}
      isEmpty={parameters.length === 0}
      empty={<Empty />}
    >
      <ul className="jp-MLOpsList" aria-label={trans.__('Parameters')}>
        {parameters.map(parameter => (
          <Row key={parameter.name} parameter={parameter} />
        ))}
      </ul>
    </StateView>
  );
}

function Row({ parameter }: { parameter: LiveParameter }): JSX.Element {
  const { cell_id: cellId, name, value } = parameter;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <li className="jp-MLOpsFound-row">
      <CellLink text={name} cellIds={cellId === null ? [] : [cellId]} />
      <span className="jp-MLOpsFound-value jp-mod-text" title={text}>
        {text}
      </span>
    </li>
  );
}

function Empty(): JSX.Element {
  const { trans } = useMLOps();
  const notebook = useNotebook();
  const tag = () => {
    if (notebook && !tagParameters(notebook.panel.content)) {
      refuse(
        trans.__(
          'Select the code cell that sets the parameters, then click again.'
        )
      );
    }
  };
  return (
    <>
      <p>
        {trans.__(
          'No parameters. They are what a cell with the tag “parameters” sets, and what headless runs can change.'
        )}
      </p>
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-reject"
        onClick={tag}
      >
        {trans.__('Tag the selected cell')}
      </button>
    </>
  );
}
