import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { LiveModel, RegisteredModel } from '../api/types';
import { modelFacts } from '../components/modelFacts';
import { Field, Form } from './form';

// what the server takes: nothing that would be a part of a path
const NAME_PATTERN = '(?!\\s*\\.{1,2}\\s*$)[^\\/:]*[^\\/:\\s][^\\/:]*';

export interface IRegistration {
  name: string;
  variable: string;
}

export interface IRegisterFormOptions {
  models: readonly LiveModel[];
  registered: readonly RegisteredModel[];

  /**
   * The variable of the model that is meant, if one is.
   */
  variable?: string | null;
  trans: TranslationBundle;
}

/**
 * Asks which model to register, and under which name.
 */
export class RegisterForm extends Form<IRegistration> {
  constructor(options: IRegisterFormOptions) {
    const supported = options.models.filter(model => model.supported);
    const usable =
      supported.find(({ variable }) => variable === options.variable) ??
      supported.find(({ fitted }) => fitted !== false) ??
      supported.at(0);
    super({ name: '', variable: usable?.variable ?? '' });
    this._options = options;
  }

  protected renderFields(): JSX.Element {
    const { models, registered, trans } = this._options;
    const { name, variable } = this.value;
    return (
      <>
        <fieldset
          // a disabled choice counts as valid: the dialog looks for the class
          className={`jp-MLOpsForm-choices ${variable ? '' : 'jp-mod-error'}`}
        >
          <legend>{trans.__('Models')}</legend>
          {models.map(model => (
            <Choice
              key={model.variable}
              model={model}
              isChosen={model.variable === variable}
              choose={() => this.change({ variable: model.variable })}
              trans={trans}
            />
          ))}
        </fieldset>
        <Field label={trans.__('Name')} hint={this._hint()}>
          <input
            className="jp-mod-styled"
            type="text"
            list="jp-MLOps-models"
            value={name}
            required
            autoFocus
            pattern={NAME_PATTERN}
            title={trans.__('A name without / and :')}
            onChange={event => this.change({ name: event.target.value })}
          />
        </Field>
        <datalist id="jp-MLOps-models">
          {registered.map(model => (
            <option key={model.name} value={model.name} />
          ))}
        </datalist>
      </>
    );
  }

  getValue(): IRegistration {
    return { ...this.value, name: this.value.name.trim() };
  }

  private _hint(): string {
    const { registered, trans } = this._options;
    const { name } = this.getValue();
    if (name === '') {
      return trans.__('A new name, or one of a model that gets a new version');
    }
    const existing = registered.find(model => model.name === name);
    return existing
      ? trans.__('adds version %1', existing.latest_version + 1)
      : trans.__('new model');
  }

  private _options: IRegisterFormOptions;
}

function Choice(props: {
  model: LiveModel;
  isChosen: boolean;
  choose: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { model, trans } = props;
  return (
    <label className="jp-MLOpsForm-choice">
      <input
        type="radio"
        name="jp-MLOps-model"
        value={model.variable}
        checked={props.isChosen}
        disabled={!model.supported}
        required
        onChange={props.choose}
      />
      <span>
        <b>{model.variable}</b> <code>{model.class_name}</code>
        <span className="jp-MLOpsForm-hint">
          {modelFacts(model, trans).join(' · ')}
        </span>
      </span>
    </label>
  );
}
