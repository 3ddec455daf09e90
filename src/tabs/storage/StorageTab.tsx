import * as React from 'react';

import { useMLOps } from '../../hooks/context';
import { Erasures } from './Erasures';
import { Going } from './Going';

/**
 * What the store keeps no longer: by a rule for how long data stays, and what was erased.
 */
export function StorageTab(): JSX.Element {
  const { trans } = useMLOps();
  return (
    <div className="jp-MLOpsStorage">
      <h2>{trans.__('Storage')}</h2>
      <Going />
      <Erasures />
    </div>
  );
}
