import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { Popover } from '../../components/Popover';
import { useMLOps } from '../../hooks/context';
import type { ColumnGroup, IColumn } from './columns';
import { NAME_COLUMN } from './columns';

const GROUPS: ColumnGroup[] = ['attributes', 'metrics', 'params', 'tags'];

/**
 * Chooses the columns that are shown.
 */
export function ColumnChooser(props: {
  columns: readonly IColumn[];
  shown: readonly string[];
  onChange: (shown: string[] | null) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const [wanted, setWanted] = React.useState('');
  const { onChange, shown } = props;
  const columns = props.columns.filter(
    ({ id, title }) =>
      id !== NAME_COLUMN && title.toLowerCase().includes(wanted.toLowerCase())
  );
  const ids = columns.map(({ id }) => id);
  return (
    <Popover label={trans.__('Columns')}>
      <input
        className="jp-mod-styled"
        type="search"
        autoFocus
        placeholder={trans.__('Find columns')}
        aria-label={trans.__('Find columns')}
        value={wanted}
        onChange={event => setWanted(event.target.value)}
      />
      <div className="jp-MLOpsColumns-buttons">
        <Choice
          text={trans.__('Show all')}
          onClick={() => onChange([...new Set([...shown, ...ids])])}
        />
        <Choice
          text={trans.__('Hide all')}
          onClick={() => onChange(shown.filter(id => !ids.includes(id)))}
        />
        <Choice text={trans.__('Reset')} onClick={() => onChange(null)} />
      </div>
      <div className="jp-MLOpsColumns-groups">
        {GROUPS.map(group => (
          <Group
            key={group}
            title={groupTitle(group, trans)}
            columns={columns.filter(column => column.group === group)}
            shown={shown}
            onChange={onChange}
          />
        ))}
      </div>
    </Popover>
  );
}

function Group(props: {
  title: string;
  columns: readonly IColumn[];
  shown: readonly string[];
  onChange: (shown: string[]) => void;
}): JSX.Element | null {
  const { columns, onChange, shown, title } = props;
  if (columns.length === 0) {
    return null;
  }
  return (
    <fieldset>
      <legend>{title}</legend>
      {columns.map(column => (
        <label key={column.id} title={column.title}>
          <input
            type="checkbox"
            checked={shown.includes(column.id)}
            onChange={({ target }) =>
              onChange(
                target.checked
                  ? [...shown, column.id]
                  : shown.filter(id => id !== column.id)
              )
            }
          />
          <span>{column.title}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Choice(props: { text: string; onClick: () => void }): JSX.Element {
  return (
    <button
      type="button"
      className="jp-Button jp-mod-styled jp-mod-minimal"
      onClick={props.onClick}
    >
      {props.text}
    </button>
  );
}

export function groupTitle(
  group: ColumnGroup,
  trans: TranslationBundle
): string {
  switch (group) {
    case 'attributes':
      return trans.__('Run');
    case 'metrics':
      return trans.__('Metrics');
    case 'params':
      return trans.__('Parameters');
    default:
      return trans.__('Tags');
  }
}
