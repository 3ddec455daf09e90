import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IField } from './field';

/**
 * Chooses one of the fields; with `none`, also that.
 */
export function FieldSelect(props: {
  label: string;
  fields: readonly IField[];
  value: IField | null;
  none?: string;
  onChange: (id: string | null) => void;
}): JSX.Element {
  const { fields, label, none, onChange, value } = props;
  return (
    <label>
      {label}{' '}
      <HTMLSelect
        value={value?.id ?? ''}
        onChange={event => onChange(event.target.value || null)}
      >
        {none !== undefined && <option value="">{none}</option>}
        {fields.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </HTMLSelect>
    </label>
  );
}
