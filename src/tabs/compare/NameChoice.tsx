import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Comparison } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import type { NamedBy } from './naming';
import { waysToName } from './naming';

// two columns tell themselves apart
const FEW = 2;

/**
 * Asks what the runs are told apart by, in all views of the comparison.
 */
export function NameChoice(props: {
  comparison: Comparison;
  value: NamedBy;
  onChange: (value: NamedBy) => void;
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { comparison, onChange, value } = props;
  const ways = waysToName(comparison);
  return comparison.items.length <= FEW || ways.length < 2 ? null : (
    <label className="jp-MLOpsCompare-naming">
      {trans.__('Name runs by')}
      <HTMLSelect
        value={value}
        onChange={event => onChange(event.target.value as NamedBy)}
      >
        {ways.map(way => (
          <option key={way} value={way}>
            {way === 'id'
              ? trans.__('id')
              : way === 'note'
                ? trans.__('note')
                : way.slice(1)}
          </option>
        ))}
      </HTMLSelect>
    </label>
  );
}
