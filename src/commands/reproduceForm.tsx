import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ReproductionRequest, Tolerance } from '../api/types';
import { CheckBox, Choice, Form } from './form';

const PATTERN = '\\s*(\\d+\\.?\\d*([eE][+\\-]?\\d+)?\\s*%?)?\\s*';

// what the server takes for all metrics that are not named
const OTHERS = '*';

export interface IReproduceFormOptions {
  metrics: readonly string[];
  wanted: Partial<ReproductionRequest>;
  trans: TranslationBundle;
}

interface IValue extends ReproductionRequest {
  texts: Record<string, string>;
}

/**
 * Asks in which environment a snapshot is to be run again, and how far its metrics may be off.
 */
export class ReproduceForm extends Form<IValue> {
  constructor({ metrics, trans, wanted }: IReproduceFormOptions) {
    super({
      environment: 'same',
      downloads: false,
      twice: false,
      tolerances: {},
      timeout: null,
      ...wanted,
      texts: {}
    });
    this._metrics = metrics;
    this._trans = trans;
  }

  getValue(): IValue {
    const given = Object.entries(this.value.texts)
      .map(([name, text]) => [name, toleranceOf(text)] as const)
      .filter((item): item is [string, Tolerance] => item[1] !== null);
    return { ...this.value, tolerances: Object.fromEntries(given) };
  }

  protected renderFields(): JSX.Element {
    const { downloads, environment, twice } = this.value;
    const trans = this._trans;
    return (
      <>
        <fieldset className="jp-MLOpsForm-choices">
          <legend>{trans.__('Environment')}</legend>
          <Choice
            name="jp-MLOps-environment"
            label={trans.__('Same interpreter')}
            hint={trans.__('if its packages are still the recorded ones')}
            isChosen={environment === 'same'}
            choose={() => this.change({ environment: 'same' })}
          />
          <Choice
            name="jp-MLOps-environment"
            label={trans.__('Rebuild')}
            hint={trans.__('of the recorded packages')}
            isChosen={environment === 'rebuild'}
            choose={() => this.change({ environment: 'rebuild' })}
          />
          {environment === 'rebuild' && (
            <CheckBox
              label={trans.__('Allow downloads')}
              isChecked={downloads}
              onChange={checked => this.change({ downloads: checked })}
            />
          )}
        </fieldset>
        {this._metrics.length > 0 && this._renderTolerances()}
        <CheckBox
          label={trans.__('Run twice at once')}
          hint={trans.__('it is anyway, if something differs')}
          isChecked={twice}
          onChange={checked => this.change({ twice: checked })}
        />
      </>
    );
  }

  private _renderTolerances(): JSX.Element {
    const trans = this._trans;
    const names =
      this._metrics.length > 1 ? [...this._metrics, OTHERS] : this._metrics;
    return (
      <fieldset className="jp-MLOpsForm-choices">
        <legend>{trans.__('Tolerance')}</legend>
        <span className="jp-MLOpsForm-hint">
          {trans.__('an amount, 0.01, or a part, 1%; empty: equal')}
        </span>
        {names.map(name => (
          <label key={name} className="jp-MLOpsForm-row">
            <span>{name === OTHERS ? trans.__('All others') : name}</span>
            <input
              className="jp-mod-styled"
              type="text"
              inputMode="decimal"
              pattern={PATTERN}
              title={trans.__('A number, or a percentage')}
              value={this.value.texts[name] ?? ''}
              onChange={event => this._type(name, event.target.value)}
            />
          </label>
        ))}
      </fieldset>
    );
  }

  private _type(name: string, text: string): void {
    this.change({ texts: { ...this.value.texts, [name]: text } });
  }

  private _metrics: readonly string[];
  private _trans: TranslationBundle;
}

/**
 * Reads `0.01` or `1%`; `null` for nothing.
 */
export function toleranceOf(text: string): Tolerance | null {
  const number = parseFloat(text);
  if (Number.isNaN(number)) {
    return null;
  }
  return text.includes('%')
    ? { relative: number / 100, absolute: 0 }
    : { relative: 0, absolute: number };
}
