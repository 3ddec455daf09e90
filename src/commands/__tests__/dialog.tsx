import { Dialog } from '@jupyterlab/apputils';
import * as React from 'react';

import { click, find } from '../../__tests__/render';
import type { Form } from '../form';

const OK = 'button.jp-mod-accept';

/**
 * Waits for the dialog that a command opens.
 */
export async function openDialog(): Promise<HTMLElement> {
  await React.act(async () => {
    while (document.querySelector('.jp-Dialog') === null) {
      await new Promise(later => setTimeout(later));
    }
  });
  return find(document.body, '.jp-Dialog');
}

/**
 * A form in the dialog that asks for its value.
 */
export class FormDialog<T> {
  static async open<T>(form: Form<T>): Promise<FormDialog<T>> {
    const dialog = new Dialog<T>({
      body: form,
      buttons: [Dialog.cancelButton(), Dialog.okButton()]
    });
    let answer: Promise<Dialog.IResult<T>> | null = null;
    await React.act(async () => {
      answer = dialog.launch();
      await dialog.ready;
    });
    return new FormDialog<T>(form, dialog, answer!);
  }

  private constructor(
    form: Form<T>,
    dialog: Dialog<T>,
    answer: Promise<Dialog.IResult<T>>
  ) {
    this.form = form;
    this._dialog = dialog;
    this._answer = answer;
  }

  readonly form: Form<T>;

  /**
   * Whether the dialog lets itself be accepted.
   */
  get isValid(): boolean {
    return !find<HTMLButtonElement>(this._dialog.node, OK).disabled;
  }

  /**
   * The hint below the field of this label.
   */
  hint(label: string): string | null {
    return this._part(label, '.jp-MLOpsForm-hint').textContent;
  }

  input(label: string): HTMLInputElement {
    return this._part<HTMLInputElement>(label, 'input');
  }

  select(label: string): HTMLSelectElement {
    return this._part<HTMLSelectElement>(label, 'select');
  }

  /**
   * Press Tab on the last button.
   *
   * @returns what has the focus then.
   */
  tabFromLastButton(): Element | null {
    const button = find(this._dialog.node, OK);
    button.focus();
    button.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Tab', bubbles: true })
    );
    return document.activeElement;
  }

  /**
   * Press the button.
   *
   * @returns the value, or `null` if the dialog stays open.
   */
  async accept(): Promise<T | null> {
    click(find(this._dialog.node, OK));
    if (!this._dialog.isDisposed) {
      return null;
    }
    return (await this._answer).value;
  }

  dispose(): void {
    React.act(() => this._dialog.reject());
  }

  private _part<E extends HTMLElement>(label: string, selector: string): E {
    const name = find(this.form.node, '.jp-MLOpsForm-label', label);
    return find<E>(name.parentElement!, selector);
  }

  private _answer: Promise<Dialog.IResult<T>>;
  private _dialog: Dialog<T>;
}
