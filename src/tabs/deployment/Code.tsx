import * as React from 'react';

import type { Deployment } from '../../api/types';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { CodeBlock } from '../../components/CodeBlock';
import { columnsOf } from '../model/signature';
import { isInferenceRequest, toInferenceRequest } from './payload';
import type { IRequest } from './snippets';
import { curlSnippet, pythonSnippet, TOKEN_VARIABLE } from './snippets';

/**
 * Programs that send the payload, in each protocol and language.
 */
export function Code(props: {
  deployment: Deployment;
  payload: unknown;
}): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { deployment, payload } = props;
  const { model_name: model, name, version } = deployment;
  const { invocations_url: invocationsUrl, url } = deployment;
  const { data, ...request } = useRequest(
    () => mlops.client.modelVersion(model, version),
    [model, version]
  );
  if (url === null || invocationsUrl === null) {
    return <p>{trans.__('There is no URL while the gateway does not run.')}</p>;
  }
  if (payload === undefined) {
    return <p>{trans.__('Write a valid request under Try it first.')}</p>;
  }
  const token = mlops.tokenOf(name);
  const columns = columnsOf(data?.signature ?? null, 'inputs');
  return (
    <StateView
      {...request}
      isEmpty={data === null && request.phase === 'loading'}
    >
      <p>
        {token === null
          ? trans.__(
              'The token is read from the environment variable %1.',
              TOKEN_VARIABLE
            )
          : trans.__('The token is in the code: take it out before you share.')}
      </p>
      <Protocol
        title={trans.__('MLflow')}
        token={token}
        url={invocationsUrl}
        payload={isInferenceRequest(payload) ? null : payload}
      />
      <Protocol
        title={trans.__('Open Inference Protocol')}
        token={token}
        url={`${url}/infer`}
        payload={toInferenceRequest(payload, columns)}
      />
    </StateView>
  );
}

function Protocol(props: IRequest & { title: string }): JSX.Element {
  const { trans } = useMLOps();
  const { title, ...request } = props;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {request.payload === null ? (
        <p>
          {trans.__('The request under Try it has no form in this protocol.')}
        </p>
      ) : (
        <>
          <CodeBlock
            label={trans.__('curl, %1', title)}
            text={curlSnippet(request)}
          />
          <CodeBlock
            label={trans.__('Python, %1', title)}
            text={pythonSnippet(request)}
          />
        </>
      )}
    </section>
  );
}
