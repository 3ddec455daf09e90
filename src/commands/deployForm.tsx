import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Deployment, RegisteredModel } from '../api/types';
import { defaultName } from './deploymentName';
import { Field, Form } from './form';

/**
 * What to deploy: a model's version or the version that an alias points at, under a name.
 */
export interface IDeployment {
  model: string;
  version: number | null;
  alias: string | null;
  name: string | null;
}

export interface IDeployFormOptions {
  models: readonly RegisteredModel[];
  deployments: readonly Deployment[];
  wanted: Partial<IDeployment>;
  trans: TranslationBundle;
}

/**
 * Asks which version of which model to deploy, and under which name.
 */
export class DeployForm extends Form<IDeployment> {
  constructor(options: IDeployFormOptions) {
    const { models, wanted } = options;
    const known = models.find(({ name }) => name === wanted.model);
    const { name: model, latest_version } = known ?? models[0];
    const { version = null, alias = null, name = null } = known ? wanted : {};
    super({
      model,
      version: alias === null ? (version ?? latest_version) : null,
      alias,
      name
    });
    this._options = options;
  }

  getValue(): IDeployment {
    return { ...this.value, name: this.value.name?.trim() || null };
  }

  protected renderFields(): JSX.Element {
    const { models, trans } = this._options;
    return (
      <>
        <Field label={trans.__('Model')}>
          <HTMLSelect
            value={this.value.model}
            onChange={event => this._chooseModel(event.target.value)}
          >
            {models.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </HTMLSelect>
        </Field>
        <Field label={trans.__('Version')}>{this._renderVersions()}</Field>
        <Field label={trans.__('Deployment')} hint={this._hint()}>
          <input
            className="jp-mod-styled"
            type="text"
            value={this.value.name ?? ''}
            placeholder={defaultName(this.value.model)}
            required={defaultName(this.value.model) === ''}
            pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,62}"
            title={trans.__('Letters, digits, dots, dashes and underscores')}
            onChange={event => this.change({ name: event.target.value })}
          />
        </Field>
      </>
    );
  }

  private _renderVersions(): JSX.Element {
    const { latest_version, aliases } = this._model();
    const { alias, version } = this.value;
    return (
      <HTMLSelect
        value={alias === null ? `v${version}` : `@${alias}`}
        onChange={event => this._chooseVersion(event.target.value)}
      >
        {Object.entries(aliases).map(([name, target]) => (
          <option key={name} value={`@${name}`}>
            {`★${name} (v${target})`}
          </option>
        ))}
        {versionsDown(latest_version).map(number => (
          <option key={number} value={`v${number}`}>
            {`v${number}`}
          </option>
        ))}
      </HTMLSelect>
    );
  }

  private _hint(): string {
    const { deployments, trans } = this._options;
    const { model, name: given } = this.getValue();
    const name = given ?? defaultName(model);
    if (name === '') {
      return trans.__('needs a name of letters from A to Z and digits');
    }
    const existing = deployments.find(item => item.name === name);
    return existing
      ? trans.__(
          'replaces %1 v%2 under the same URL',
          existing.model_name,
          existing.version
        )
      : trans.__('gets a URL of its own');
  }

  private _chooseModel(name: string): void {
    const model = this._options.models.find(item => item.name === name);
    if (model) {
      const { latest_version: version } = model;
      this.change({ model: name, version, alias: null });
    }
  }

  private _chooseVersion(text: string): void {
    const rest = text.slice(1);
    this.change(
      text.startsWith('@')
        ? { alias: rest, version: null }
        : { alias: null, version: Number(rest) }
    );
  }

  private _model(): RegisteredModel {
    const { models } = this._options;
    return models.find(({ name }) => name === this.value.model) ?? models[0];
  }

  private _options: IDeployFormOptions;
}

/**
 * The numbers of all versions, newest first.
 */
export function versionsDown(latest: number): number[] {
  return Array.from({ length: latest }, (_, index) => latest - index);
}
