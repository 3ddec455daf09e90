import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { Popover } from '../../components/Popover';
import { useMLOps } from '../../hooks/context';
import { pinIcon } from '../../icons';
import type { ColumnGroup, IColumn } from './columns';
import { NAME_COLUMN } from './columns';

const GROUPS: ColumnGroup[] = ['attributes', 'metrics', 'params', 'tags'];

/**
 * Chooses the columns that are shown.
 */
export function ColumnChooser(props: {
  columns: readonly IColumn[];
  shown: readonly string[];
  pinned: readonly string[];
  onChange: (shown: string[]) => void;
  onPin: (pinned: string[]) => void;
  onReset: () => void;
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
        <Choice text={trans.__('Reset')} onClick={props.onReset} />
      </div>
      <div className="jp-MLOpsColumns-groups">
        {GROUPS.map(group => (
          <Group
            key={group}
            title={groupTitle(group, trans)}
            columns={columns.filter(column => column.group === group)}
            shown={shown}
            pinned={props.pinned}
            onChange={onChange}
            onPin={props.onPin}
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
  pinned: readonly string[];
  onChange: (shown: string[]) => void;
  onPin: (pinned: string[]) => void;
}): JSX.Element | null {
  const { columns, onChange, onPin, pinned, shown, title } = props;
  if (columns.length === 0) {
    return null;
  }
  return (
    <fieldset>
      <legend>{title}</legend>
      {columns.map(column => (
        <div key={column.id} className="jp-MLOpsColumns-column">
          <label title={column.title}>
            <input
              type="checkbox"
              checked={shown.includes(column.id)}
              onChange={() => onChange(toggled(shown, column.id))}
            />
            <span>{column.title}</span>
          </label>
          {shown.includes(column.id) && (
            <Pin
              title={column.title}
              isPinned={pinned.includes(column.id)}
              onClick={() => onPin(toggled(pinned, column.id))}
            />
          )}
        </div>
      ))}
    </fieldset>
  );
}

function Pin(props: {
  title: string;
  isPinned: boolean;
  onClick: () => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const name = trans.__('Keep %1 in sight', props.title);
  return (
    <button
      type="button"
      className="jp-MLOpsIconButton"
      aria-pressed={props.isPinned}
      aria-label={name}
      title={name}
      onClick={props.onClick}
    >
      <pinIcon.react tag="span" elementSize="normal" />
    </button>
  );
}

function toggled(ids: readonly string[], id: string): string[] {
  return ids.includes(id) ? ids.filter(other => other !== id) : [...ids, id];
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

function groupTitle(group: ColumnGroup, trans: TranslationBundle): string {
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
