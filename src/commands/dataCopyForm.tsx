import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { Field, Form } from './form';

const SHORT_DIGEST = 8;

export interface IDataCopyFormOptions {
  path: string;
  version: string;
  trans: TranslationBundle;
}

/**
 * Asks where a version of a file or folder is to be written to.
 */
export class DataCopyForm extends Form<{ target: string }> {
  constructor({ path, trans, version }: IDataCopyFormOptions) {
    super({ target: proposedTarget(path, version) });
    this._trans = trans;
  }

  protected renderFields(): JSX.Element {
    const trans = this._trans;
    return (
      <Field
        label={trans.__('Path')}
        hint={trans.__('new, in the project; nothing is overwritten')}
      >
        <input
          className="jp-mod-styled"
          type="text"
          value={this.value.target}
          required
          pattern=".*\S.*"
          autoFocus
          onChange={event => this.change({ target: event.target.value })}
        />
      </Field>
    );
  }

  private _trans: TranslationBundle;
}

/**
 * Beside the file, with the version in the name: `data/customers-0123abcd.csv`.
 */
function proposedTarget(path: string, version: string): string {
  const ending = PathExt.extname(path);
  const start = ending ? path.slice(0, -ending.length) : path;
  const place = path.startsWith('/') ? PathExt.basename(start) : start;
  return `${place}-${version.slice(0, SHORT_DIGEST)}${ending}`;
}
