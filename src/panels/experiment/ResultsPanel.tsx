import * as React from 'react';

import type { LiveResult } from '../../api/types';
import { formatNumber } from '../../components/number';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useExperiment, useNotebook } from '../../hooks/notebook';
import { pinIcon } from '../../icons';
import { setPinned } from '../../services/pins';
import { CellLink } from './CellLink';

/**
 * The numbers that the notebook has found: those that a snapshot keeps as metrics, and those that it only printed.
 */
export function ResultsPanel(): JSX.Element {
  const { trans } = useMLOps();
  const experiment = useExperiment();
  const { data, error, phase } = experiment;
  const results = data?.results ?? [];
  return (
    <StateView
      phase={phase}
      error={error}
      retry={() => void experiment.refresh()}
      isEmpty={results.length === 0}
      empty={trans.__(
        'No results yet. Numbers that cells compute, or print like “f1: 0.95”, are listed here.'
      )}
    >
      <Part
        title={trans.__('Metrics of the next snapshot')}
        results={results.filter(({ metric }) => metric)}
      />
      <Part
        title={trans.__('Only printed')}
        results={results.filter(({ metric }) => !metric)}
      />
    </StateView>
  );
}

function Part(props: {
  title: string;
  results: readonly LiveResult[];
}): JSX.Element | null {
  const { results, title } = props;
  return results.length === 0 ? null : (
    <>
      <h3 className="jp-MLOpsData-part">{title}</h3>
      <ul className="jp-MLOpsList" aria-label={title}>
        {results.map(result => (
          <Row key={result.name} result={result} />
        ))}
      </ul>
    </>
  );
}

function Row({ result }: { result: LiveResult }): JSX.Element {
  const { cell_id: cellId, name, value } = result;
  return (
    <li className="jp-MLOpsFound-row">
      <CellLink text={name} cellIds={cellId === null ? [] : [cellId]} />
      <span className="jp-MLOpsFound-value" title={`${value}`}>
        {formatNumber(value)}
      </span>
      <PinButton result={result} />
    </li>
  );
}

function PinButton({ result }: { result: LiveResult }): JSX.Element {
  const { trans } = useMLOps();
  const experiment = useExperiment();
  const notebook = useNotebook();
  const { metric, name, pinned } = result;
  const title = pinned
    ? trans.__('Unpin')
    : metric
      ? trans.__('Pin: show it before the other metrics')
      : trans.__('Pin: keep it as a metric of each snapshot');
  return (
    <button
      type="button"
      className="jp-MLOpsIconButton jp-MLOpsFound-pin"
      aria-label={trans.__('Pin %1', name)}
      aria-pressed={pinned}
      title={title}
      onClick={() => {
        const model = notebook?.panel.context.model;
        if (model) {
          setPinned(model, name, !pinned);
          void experiment.refresh();
        }
      }}
    >
      <pinIcon.react tag="span" elementSize="normal" />
    </button>
  );
}
