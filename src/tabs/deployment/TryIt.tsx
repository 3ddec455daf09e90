import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { errorMessage } from '../../api/request';
import type { Prediction } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { CodeBlock } from '../../components/CodeBlock';
import { formatJson } from '../../components/json';
import type { IDraft } from './draft';

const FIRST_ERROR = 400;
const ROWS = 12;

/**
 * What came of a request: an answer of the model, or why there is none.
 */
type Outcome = { prediction: Prediction } | { failure: string };

/**
 * Asks for predictions, and keeps the last outcome.
 */
export interface IPredictionRequest {
  isBusy: boolean;
  outcome: Outcome | null;
  send: (payload: unknown) => Promise<void>;
}

/**
 * Sends a request, at first the model's own example, and shows the answer.
 */
export function TryIt(props: {
  draft: IDraft;
  prediction: IPredictionRequest;
}): JSX.Element {
  const { trans } = useMLOps();
  const { draft, prediction } = props;
  const { isBusy, outcome, send } = prediction;
  const hint = React.useId();
  return (
    <div className="jp-MLOpsDeployment-try">
      <textarea
        className="jp-mod-styled"
        aria-label={trans.__('Request')}
        aria-invalid={draft.error !== null}
        aria-describedby={hint}
        rows={ROWS}
        spellCheck={false}
        value={draft.text}
        onChange={event => draft.edit(event.target.value)}
      />
      <div className="jp-MLOpsDeployment-hint" id={hint} aria-live="polite">
        {draft.error !== null
          ? trans.__('This is not valid JSON: %1', draft.error)
          : draft.hint}
      </div>
      <div className="jp-MLOpsDeployment-tools">
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-accept"
          disabled={draft.payload === undefined || isBusy}
          onClick={() => void send(draft.payload)}
        >
          {trans.__('Try it')}
        </button>
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-reject"
          disabled={!draft.isEdited}
          onClick={draft.reset}
        >
          {trans.__('Reset')}
        </button>
      </div>
      <Answer outcome={outcome} isBusy={isBusy} />
    </div>
  );
}

function Answer(props: {
  outcome: Outcome | null;
  isBusy: boolean;
}): JSX.Element {
  const { trans } = useMLOps();
  const { isBusy, outcome } = props;
  const prediction =
    outcome && 'prediction' in outcome ? outcome.prediction : null;
  const isFailure =
    outcome !== null &&
    (prediction === null || prediction.status_code >= FIRST_ERROR);
  return (
    <div
      className={isBusy ? 'jp-MLOpsState-old' : undefined}
      aria-busy={isBusy}
    >
      <p
        role="status"
        className={isFailure ? 'jp-MLOpsDeployment-failure' : undefined}
      >
        {outcome && summary(outcome, trans)}
      </p>
      {prediction && !isFailure && (
        <CodeBlock
          label={trans.__('Prediction')}
          text={formatJson(prediction.response)}
        />
      )}
    </div>
  );
}

function summary(outcome: Outcome, trans: TranslationBundle): string {
  if ('failure' in outcome) {
    return outcome.failure;
  }
  const { duration_ms, response, status_code: status } = outcome.prediction;
  const time = Number(duration_ms.toPrecision(3));
  return status < FIRST_ERROR
    ? trans.__('Status %1 after %2 ms', status, time)
    : trans.__('Status %1 after %2 ms: %3', status, time, sentenceOf(response));
}

export function usePrediction(name: string): IPredictionRequest {
  const { client } = useMLOps().mlops;
  const [isBusy, setBusy] = React.useState(false);
  const [outcome, setOutcome] = React.useState<Outcome | null>(null);
  const send = async (payload: unknown) => {
    setBusy(true);
    try {
      setOutcome({ prediction: await client.predict(name, payload) });
    } catch (reason) {
      setOutcome({ failure: errorMessage(reason) });
    }
    setBusy(false);
  };
  return { isBusy, outcome, send };
}

/**
 * The reason that MLflow's protocol has under `message`, the Open Inference Protocol under `error`.
 */
function sentenceOf(response: unknown): string {
  const { message, error } = Object(response) as Record<string, unknown>;
  const sentence = message ?? error;
  return typeof sentence === 'string' ? sentence : formatJson(response);
}
