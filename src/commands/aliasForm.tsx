import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { RegisteredModelDetail } from '../api/types';
import { Field, Form } from './form';

const SUGGESTED = 'champion';

export interface IAliasFormOptions {
  model: RegisteredModelDetail;
  alias?: string;
  version?: number;
  trans: TranslationBundle;
}

/**
 * Asks for an alias and the version that it shall point at.
 */
export class AliasForm extends Form<{ alias: string; version: number }> {
  constructor(options: IAliasFormOptions) {
    const { alias, model, version } = options;
    super({
      alias: alias ?? SUGGESTED,
      version: version ?? model.latest_version
    });
    this._options = options;
  }

  protected renderFields(): JSX.Element {
    const { model, trans } = this._options;
    const suggestions = new Set([SUGGESTED, ...Object.keys(model.aliases)]);
    return (
      <>
        <Field label={trans.__('Alias')} hint={this._hint()}>
          <input
            className="jp-mod-styled"
            type="text"
            list="jp-MLOps-aliases"
            value={this.value.alias}
            required
            pattern="[\p{L}\p{N}_\-]+"
            title={trans.__('Letters, digits, dashes and underscores')}
            onChange={event => this.change({ alias: event.target.value })}
          />
        </Field>
        <datalist id="jp-MLOps-aliases">
          {[...suggestions].map(alias => (
            <option key={alias} value={alias} />
          ))}
        </datalist>
        <Field label={trans.__('Version')}>
          <HTMLSelect
            value={this.value.version}
            onChange={event =>
              this.change({ version: Number(event.target.value) })
            }
          >
            {model.versions.map(({ version }) => (
              <option key={version} value={version}>
                {`v${version}`}
              </option>
            ))}
          </HTMLSelect>
        </Field>
      </>
    );
  }

  private _hint(): string {
    const { model, trans } = this._options;
    const { alias, version } = this.value;
    const current = new Map(Object.entries(model.aliases)).get(alias);
    if (current === undefined) {
      return trans.__('new alias');
    }
    return current === version
      ? trans.__('already points at v%1', current)
      : trans.__('moves from v%1', current);
  }

  private _options: IAliasFormOptions;
}
