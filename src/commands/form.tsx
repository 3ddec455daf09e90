import type { Dialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import * as React from 'react';

import { useSignalCount } from '../hooks/signal';

const FIELDS = 'input:enabled, select:enabled, textarea:enabled';

/**
 * The body of a dialog that asks for a value. Invalid inputs keep the dialog from being accepted.
 */
export abstract class Form<T>
  extends ReactWidget
  implements Dialog.IBodyWidget<T>
{
  constructor(value: T) {
    super();
    this.addClass('jp-MLOpsForm');
    this.value = value;
    // Tab leads from the last button to what was there to focus before the fields were drawn
    this.node.tabIndex = -1;
    this.node.addEventListener('focus', () =>
      this.node.querySelector<HTMLElement>(FIELDS)?.focus()
    );
  }

  getValue(): T {
    return this.value;
  }

  protected abstract renderFields(): JSX.Element;

  protected render(): JSX.Element {
    return (
      <Fields render={() => this.renderFields()} changed={this._changed} />
    );
  }

  protected change(changes: Partial<T>): void {
    this.value = { ...this.value, ...changes };
    this._changed.emit();
  }

  protected value: T;
  private _changed = new Signal<this, void>(this);
}

/**
 * Draws within the event that changes the value. If the widget drew itself, later, React would meanwhile put the old
 * text back into the input.
 */
function Fields<T>(props: {
  render: () => JSX.Element;
  changed: ISignal<T, void>;
}): JSX.Element {
  const { changed, render } = props;
  const node = React.useRef<HTMLDivElement>(null);
  const count = useSignalCount(changed);
  React.useEffect(() => {
    // at this event the dialog looks whether an input is invalid
    node.current?.dispatchEvent(new Event('input', { bubbles: true }));
  }, [count]);
  return <div ref={node}>{render()}</div>;
}

/**
 * A labelled input with a hint below it.
 */
export function Field(props: {
  label: string;
  hint?: string;
  children: React.ReactNode;
}): JSX.Element {
  return (
    <label className="jp-MLOpsForm-field">
      <span className="jp-MLOpsForm-label">{props.label}</span>
      {props.children}
      <span className="jp-MLOpsForm-hint" aria-live="polite">
        {props.hint}
      </span>
    </label>
  );
}

/**
 * One of several, of which one is chosen.
 */
export function Choice(props: {
  name: string;
  label: string;
  hint?: string;
  isChosen: boolean;
  choose: () => void;
}): JSX.Element {
  return (
    <label className="jp-MLOpsForm-choice">
      <input
        type="radio"
        name={props.name}
        checked={props.isChosen}
        onChange={props.choose}
      />
      <span>
        {props.label}
        {props.hint && <span className="jp-MLOpsForm-hint">{props.hint}</span>}
      </span>
    </label>
  );
}

/**
 * Something that is wanted, or not.
 */
export function CheckBox(props: {
  label: string;
  hint?: string;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
}): JSX.Element {
  return (
    <label className="jp-MLOpsForm-choice">
      <input
        type="checkbox"
        checked={props.isChecked}
        onChange={event => props.onChange(event.target.checked)}
      />
      <span>
        {props.label}
        {props.hint && <span className="jp-MLOpsForm-hint">{props.hint}</span>}
      </span>
    </label>
  );
}
