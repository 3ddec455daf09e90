import * as React from 'react';

import type { Manifest } from '../../api/types';
import { CopyButton } from '../../components/CopyButton';
import { useMLOps } from '../../hooks/context';

/**
 * The state of the code: git commit, what differed from it, and the modules beside the notebook.
 */
export function Code(props: { manifest: Manifest }): JSX.Element {
  const { trans } = useMLOps();
  const { code, modules } = props.manifest;
  return (
    <>
      {code.commit === null ? (
        <p className="jp-MLOpsRun-hint">
          {trans.__(
            'No commit: %1. The notebook itself is kept.',
            code.note ?? trans.__('unknown')
          )}
        </p>
      ) : (
        <dl className="jp-MLOpsFacts">
          <dt>{trans.__('Commit')}</dt>
          <dd>
            <code>{code.commit}</code>
            <CopyButton text={code.commit} label={trans.__('commit')} />
          </dd>
          <dt>{trans.__('Branch')}</dt>
          <dd>{code.branch ?? trans.__('none (detached)')}</dd>
        </dl>
      )}
      {modules.length > 0 && (
        <p>
          {trans.__('Modules: %1', modules.map(({ path }) => path).join(', '))}
        </p>
      )}
      {code.diff !== null ? (
        <Diff text={code.diff} />
      ) : (
        code.commit !== null && (
          <p>{code.note ?? trans.__('Nothing differed from the commit.')}</p>
        )
      )}
    </>
  );
}

function Diff({ text }: { text: string }): JSX.Element {
  const { trans } = useMLOps();
  return (
    <figure className="jp-MLOpsCode" aria-label={trans.__('Diff')}>
      <figcaption className="jp-MLOpsCode-caption">
        {trans.__('Diff')}
        <CopyButton text={text} label={trans.__('diff')} />
      </figcaption>
      <pre className="jp-MLOpsCode-text jp-MLOpsRun-diff" tabIndex={0}>
        {text.split('\n').map((line, index) => (
          <span key={index} className={classOf(line)}>
            {`${line}\n`}
          </span>
        ))}
      </pre>
    </figure>
  );
}

function classOf(line: string): string | undefined {
  if (/^(\+\+\+|---|diff |index |@@)/.test(line)) {
    return 'jp-mod-head';
  }
  return line.startsWith('+')
    ? 'jp-mod-added'
    : line.startsWith('-')
      ? 'jp-mod-removed'
      : undefined;
}
