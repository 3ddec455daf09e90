import type { Dialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

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
  }

  getValue(): T {
    return this.value;
  }

  /**
   * Take the changes over and draw them. The dialog looks for errors at each `input` event, which comes before.
   */
  protected change(changes: Partial<T>): void {
    this.value = { ...this.value, ...changes };
    this.update();
    void this.renderPromise?.then(() => {
      this.node.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }

  protected value: T;
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
