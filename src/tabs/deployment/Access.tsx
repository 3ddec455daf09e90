import { Dialog, showDialog } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import * as React from 'react';

import type { Deployment } from '../../api/types';
import { because, notifying } from '../../commands/notify';
import { CopyButton } from '../../components/CopyButton';
import { useMLOps } from '../../hooks/context';
import type { IMLOps } from '../../tokens';

const MASK = '••••••••';

/**
 * Where the deployment answers and the token that it asks for, as items of a list of facts.
 */
export function Access(props: {
  deployment: Deployment;
  onNewToken: () => void;
}): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { deployment, onNewToken } = props;
  const { name, proxy_path: path, url } = deployment;
  const proxy = URLExt.join(mlops.client.serverSettings.baseUrl, path);
  const token = mlops.tokenOf(name);
  return (
    <>
      <dt>{trans.__('URL')}</dt>
      <dd>
        {url === null ? (
          trans.__('The gateway does not run.')
        ) : (
          <Copyable text={url} label={trans.__('URL')} />
        )}
      </dd>
      <dt title={trans.__('For whom JupyterLab knows, without the token')}>
        {trans.__('Through Jupyter')}
      </dt>
      <dd>
        <Copyable text={proxy} label={trans.__('URL through Jupyter')} />
      </dd>
      <dt>{trans.__('Token')}</dt>
      <dd className="jp-MLOpsDeployment-token">
        {token === null ? (
          <span>
            {trans.__(
              'The token was shown once, when it was made. If nobody kept it, make a new one.'
            )}
          </span>
        ) : (
          <Token token={token} />
        )}
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-reject"
          onClick={() => void renewToken(mlops, name).then(onNewToken)}
        >
          {trans.__('New token')}
        </button>
      </dd>
    </>
  );
}

function Copyable(props: { text: string; label: string }): JSX.Element {
  return (
    <>
      <code>{props.text}</code>
      <CopyButton {...props} />
    </>
  );
}

function Token(props: { token: string }): JSX.Element {
  const { trans } = useMLOps();
  const { token } = props;
  const [isShown, show] = React.useState(false);
  return (
    <>
      <code>{isShown ? token : MASK}</code>
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-minimal"
        onClick={() => show(!isShown)}
      >
        {isShown ? trans.__('Hide') : trans.__('Show')}
      </button>
      <CopyButton text={token} label={trans.__('token')} />
    </>
  );
}

/**
 * Asks, then makes a new token and remembers it.
 */
async function renewToken(mlops: IMLOps, name: string): Promise<void> {
  const { client, trans } = mlops;
  const answer = await showDialog({
    title: trans.__('New Token for %1?', name),
    body: trans.__(
      'The old token becomes void at once: programs that use it are refused until they have the new one.'
    ),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('New token') })
    ]
  });
  if (!answer.button.accept) {
    return;
  }
  const made = await notifying(() => client.renewToken(name), {
    pending: trans.__('Making a new token…'),
    done: () => ({ message: trans.__('%1 has a new token', name) }),
    failed: reason =>
      because(trans, trans.__('%1 has no new token', name), reason)
  });
  if (made !== null) {
    mlops.rememberToken(name, made.token);
  }
}
