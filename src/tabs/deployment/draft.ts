import * as React from 'react';

import { errorMessage } from '../../api/request';
import type { Deployment } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { formatJson } from '../../components/json';

const SKELETON = { inputs: [] };

/**
 * The request that is about to be tried: the model's example until someone edits it.
 */
export interface IDraft {
  text: string;

  /**
   * The text as a value; `undefined` while it is none.
   */
  payload: unknown;

  /**
   * Why the text is no JSON.
   */
  error: string | null;

  /**
   * What there is to say of the example.
   */
  hint: string | null;

  isEdited: boolean;
  edit: (text: string) => void;
  reset: () => void;
}

export function useDraft(deployment: Deployment): IDraft {
  const { mlops, trans } = useMLOps();
  const { model_name: model, name, version } = deployment;
  const [edited, edit] = React.useState<string | null>(null);
  const { data, error, phase } = useRequest(
    () => mlops.client.deploymentExample(name),
    [name, model, version]
  );
  const example =
    data === null && phase === 'loading'
      ? ''
      : formatJson(data?.payload ?? SKELETON);
  const text = edited ?? example;
  const hint =
    data?.payload === null
      ? trans.__(
          'This version has no input example. Write a request of MLflow’s or of the Open Inference Protocol.'
        )
      : error;
  return {
    text,
    ...React.useMemo(() => parse(text), [text]),
    hint,
    isEdited: edited !== null,
    edit,
    reset: () => edit(null)
  };
}

/**
 * An empty text is neither a payload nor an error yet.
 */
function parse(text: string): { payload: unknown; error: string | null } {
  try {
    const payload: unknown = text === '' ? undefined : JSON.parse(text);
    return { payload, error: null };
  } catch (reason) {
    return { payload: undefined, error: errorMessage(reason) };
  }
}
