import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { HeadlessOptions, NotebookParameter } from '../api/types';
import { Field, Form } from './form';

const NUMBER =
  '\\s*[+\\-]?(inf|nan|(\\d+\\.?\\d*|\\.\\d+)([eE][+\\-]?\\d+)?)\\s*';
const SECONDS = '\\s*([1-9]\\d*)?\\s*';
const FLAGS = ['True', 'False'];

export interface IHeadlessFormOptions {
  parameters: readonly NotebookParameter[];

  /**
   * The name of the notebook's own kernel.
   */
  kernel: string | null;
  kernels: ReadonlyArray<{ name: string; label: string }>;
  trans: TranslationBundle;
}

interface IValue extends HeadlessOptions {
  texts: Record<string, string>;
  seconds: string;
}

/**
 * Asks with which parameters a notebook is to be run, in which kernel, and how long a cell may take.
 */
export class HeadlessForm extends Form<IValue> {
  constructor(options: IHeadlessFormOptions) {
    const { kernel, kernels } = options;
    const isInstalled = kernels.some(({ name }) => name === kernel);
    super({
      parameters: {},
      kernel_name: isInstalled ? kernel : (kernels[0]?.name ?? null),
      timeout: null,
      texts: {},
      seconds: ''
    });
    this._options = options;
  }

  /**
   * What is to be sent: parameters that are as the notebook has them are left to it.
   */
  getValue(): IValue {
    const { seconds, texts } = this.value;
    const changed = this._options.parameters
      .filter(({ name, text }) => (texts[name] ?? text) !== text)
      .map(({ name }) => [name, texts[name]]);
    return {
      ...this.value,
      parameters: Object.fromEntries(changed),
      timeout: seconds.trim() === '' ? null : Number(seconds)
    };
  }

  protected renderFields(): JSX.Element {
    const { kernels, trans } = this._options;
    const { kernel_name: kernel, seconds } = this.value;
    return (
      <>
        {this._renderParameters()}
        {kernels.length > 1 && (
          <Field label={trans.__('Kernel')}>
            <HTMLSelect
              value={kernel ?? ''}
              onChange={event =>
                this.change({ kernel_name: event.target.value })
              }
            >
              {kernels.map(({ label, name }) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ))}
            </HTMLSelect>
          </Field>
        )}
        <Field
          label={trans.__('Seconds that a cell may take')}
          hint={trans.__('empty: as long as it needs')}
        >
          <input
            className="jp-mod-styled"
            type="text"
            inputMode="numeric"
            pattern={SECONDS}
            title={trans.__('A whole number')}
            value={seconds}
            onChange={event => this.change({ seconds: event.target.value })}
          />
        </Field>
      </>
    );
  }

  private _renderParameters(): JSX.Element {
    const { parameters, trans } = this._options;
    return (
      <fieldset className="jp-MLOpsForm-choices">
        <legend>{trans.__('Parameters')}</legend>
        {parameters.length === 0 ? (
          <span className="jp-MLOpsForm-hint">
            {trans.__(
              'None: no cell that sets values has the tag “parameters”. The sidebar Experiment can tag one.'
            )}
          </span>
        ) : (
          parameters.map(parameter => (
            <label
              key={parameter.name}
              className="jp-MLOpsForm-row jp-mod-wide"
            >
              <span>{parameter.name}</span>
              {this._renderInput(parameter)}
              {this._isWrong(parameter) && (
                <span className="jp-MLOpsForm-hint" role="alert">
                  {trans.__('a number, such as %1', parameter.text)}
                </span>
              )}
            </label>
          ))
        )}
      </fieldset>
    );
  }

  private _renderInput({ kind, name, text }: NotebookParameter): JSX.Element {
    const { trans } = this._options;
    const value = this.value.texts[name] ?? text;
    if (kind === 'flag') {
      return (
        <HTMLSelect
          value={value}
          onChange={event => this._type(name, event.target.value)}
        >
          {FLAGS.map(flag => (
            <option key={flag} value={flag}>
              {flag}
            </option>
          ))}
        </HTMLSelect>
      );
    }
    const checks =
      kind === 'number'
        ? { pattern: NUMBER, required: true, title: trans.__('A number') }
        : {};
    return (
      <input
        className="jp-mod-styled"
        type="text"
        value={value}
        {...checks}
        onChange={event => this._type(name, event.target.value)}
      />
    );
  }

  private _isWrong({ kind, name }: NotebookParameter): boolean {
    const text = this.value.texts[name];
    return (
      kind === 'number' &&
      text !== undefined &&
      !new RegExp(`^(?:${NUMBER})$`).test(text)
    );
  }

  private _type(name: string, text: string): void {
    this.change({ texts: { ...this.value.texts, [name]: text } });
  }

  private _options: IHeadlessFormOptions;
}
