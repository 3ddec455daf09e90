import { PathExt } from '@jupyterlab/coreutils';
import * as React from 'react';

import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { useMLOps } from '../../hooks/context';
import { useNotebook } from '../../hooks/notebook';

/**
 * Names the notebook that the sidebar is about; says what the sidebar is for while there is none.
 */
export function Heading(): JSX.Element {
  const { trans } = useMLOps();
  const notebook = useNotebook();
  return notebook ? (
    <h2 className="jp-MLOpsExperiment-name">
      <MiddleEllipsis
        text={PathExt.basename(notebook.path)}
        title={notebook.path}
      />
    </h2>
  ) : (
    <p className="jp-MLOpsState-empty">
      {trans.__(
        'Open a notebook to see here how far its results can be trusted, and why.'
      )}
    </p>
  );
}
