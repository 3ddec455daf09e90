import * as React from 'react';

import { useMLOps } from '../../hooks/context';

/**
 * Notebooks about which nothing can be done: they are told, but not counted as stale.
 */
export function Gone(props: { paths: readonly string[] }): JSX.Element | null {
  const { trans } = useMLOps();
  const { paths } = props;
  if (paths.length === 0) {
    return null;
  }
  return (
    <details className="jp-MLOpsStale-gone">
      <summary>
        {trans._n(
          '%1 notebook is gone, and not looked at',
          '%1 notebooks are gone, and not looked at',
          paths.length
        )}
      </summary>
      <p className="jp-MLOpsStale-why">
        {trans.__(
          'One that was moved is looked at again once it was run where it is now; one that was deleted, once a snapshot of it was restored.'
        )}
      </p>
      <ul className="jp-MLOpsLineage-branch">
        {paths.map(path => (
          <li key={path}>{path}</li>
        ))}
      </ul>
    </details>
  );
}
