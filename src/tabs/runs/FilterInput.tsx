import * as React from 'react';

import { useMLOps } from '../../hooks/context';
import type { IField } from './completion';
import { complete } from './completion';

/**
 * Takes a filter in MLflow's grammar, with completion of what may come next. Enter and the clear button apply it.
 */
export function FilterInput(props: {
  value: string;
  fields: readonly IField[];
  valuesOf: (field: string) => string[];
  isRefused: boolean;
  onApply: (text: string) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { fields, isRefused, onApply, value, valuesOf } = props;
  const id = React.useId();
  const ref = React.useRef<HTMLInputElement>(null);
  const [text, setText] = React.useState(value);
  const [isOpen, setOpen] = React.useState(false);
  const [chosen, setChosen] = React.useState(-1);
  React.useEffect(() => setText(value), [value]);

  const cursor = ref.current?.selectionStart ?? text.length;
  const { from, options } = isOpen
    ? complete(text.slice(0, cursor), fields, valuesOf)
    : { from: 0, options: [] };
  const edit = (next: string) => {
    setText(next);
    setOpen(true);
    setChosen(-1);
  };
  const apply = (next: string) => {
    setOpen(false);
    onApply(next);
  };
  const take = (option: string) => {
    edit(`${text.slice(0, from)}${option} ${text.slice(cursor).trimStart()}`);
    ref.current?.focus();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      const count = options.length + 1;
      setChosen(((chosen + 1 + step + count) % count) - 1);
    } else if (step === 1) {
      setOpen(true);
    } else if (event.key === 'Enter' && chosen < 0) {
      apply(text);
    } else if (['Enter', 'Tab'].includes(event.key) && chosen >= 0) {
      take(options[chosen]);
    } else if (event.key === 'Escape' && options.length > 0) {
      setOpen(false);
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <div className="jp-MLOpsFilter">
      <input
        ref={ref}
        className="jp-mod-styled"
        type="search"
        role="combobox"
        aria-label={trans.__('Filter runs')}
        aria-autocomplete="list"
        aria-expanded={options.length > 0}
        aria-controls={`${id}-options`}
        aria-activedescendant={chosen < 0 ? undefined : `${id}-${chosen}`}
        aria-invalid={isRefused}
        autoComplete="off"
        spellCheck={false}
        placeholder={trans.__(
          "Filter: a name, or metrics.f1 > 0.9 AND params.model = 'rf'"
        )}
        value={text}
        onChange={event => {
          edit(event.target.value);
          if (event.target.value === '') {
            onApply('');
          }
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <Options id={id} options={options} chosen={chosen} onTake={take} />
    </div>
  );
}

function Options(props: {
  id: string;
  options: readonly string[];
  chosen: number;
  onTake: (option: string) => void;
}): JSX.Element {
  const { chosen, id, onTake, options } = props;
  const { trans } = useMLOps();
  const ref = React.useRef<HTMLUListElement>(null);
  React.useEffect(() => {
    ref.current?.children[chosen]?.scrollIntoView?.({ block: 'nearest' });
  }, [chosen]);
  return (
    <ul
      ref={ref}
      id={`${id}-options`}
      className="jp-MLOpsFilter-options"
      role="listbox"
      aria-label={trans.__('Completions')}
      hidden={options.length === 0}
      // Chromium would take a list that scrolls for a stop of the Tab key
      tabIndex={-1}
      // the input keeps the focus
      onMouseDown={event => event.preventDefault()}
    >
      {options.map((option, index) => (
        <li
          key={option}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          onClick={() => onTake(option)}
        >
          {option}
        </li>
      ))}
    </ul>
  );
}
