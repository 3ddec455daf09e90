import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';

/**
 * Chooses an experiment, or (`null`) all of them.
 */
export function ExperimentPicker(props: {
  value: string | null;
  onChange: (value: string | null) => void;
}): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { data } = useRequest(() => mlops.client.experiments(), []);
  const active = data?.items.filter(item => item.lifecycle_stage === 'active');
  return (
    <HTMLSelect
      aria-label={trans.__('Experiment')}
      value={props.value ?? ''}
      onChange={event => props.onChange(event.target.value || null)}
    >
      <option value="">{trans.__('All experiments')}</option>
      {active?.map(({ experiment_id: id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </HTMLSelect>
  );
}
