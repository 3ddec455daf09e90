import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Erasable } from '../api/types';
import { leftPlaces } from '../components/erasable';
import { formatBytes } from '../components/size';
import { Field, Form } from './form';

const LONGEST_REASON = 1000;

export interface IEraseFormOptions {
  erasable: Erasable;
  trans: TranslationBundle;
}

/**
 * Says what an erasure takes and what it does not reach, and asks why.
 */
export class EraseForm extends Form<{ reason: string }> {
  constructor(options: IEraseFormOptions) {
    super({ reason: '' });
    this._options = options;
  }

  protected renderFields(): JSX.Element {
    const { erasable, trans } = this._options;
    const { path_count: count, paths, size_bytes: size, versions } = erasable;
    const more = count - paths.length;
    return (
      <>
        <p>
          {trans._n(
            '%1 version, %2, is erased from the store and cannot be brought back. Its content is lost under all of these names:',
            '%1 versions, %2, are erased from the store and cannot be brought back. Their contents are lost under all of these names:',
            versions,
            formatBytes(size)
          )}
        </p>
        <ul className="jp-MLOpsForm-list">
          {paths.map(path => (
            <li key={path}>{path}</li>
          ))}
          {more > 0 && <li>{trans._n('%1 more', '%1 more', more)}</li>}
        </ul>
        <p className="jp-MLOpsForm-hint">
          {trans.__(
            'Snapshots stay and say that it was erased. Not erased: %1.',
            leftPlaces(erasable, trans).join('; ')
          )}
        </p>
        <Field
          label={trans.__('Reason')}
          hint={trans.__('recorded with your name and the time')}
        >
          <textarea
            className="jp-mod-styled"
            rows={2}
            maxLength={LONGEST_REASON}
            required
            ref={node =>
              node?.setCustomValidity(this.value.reason.trim() ? '' : 'reason')
            }
            value={this.value.reason}
            onChange={event => this.change({ reason: event.target.value })}
            // Enter is the dialog's, and here a new line
            onKeyDown={event => event.stopPropagation()}
          />
        </Field>
      </>
    );
  }

  private _options: IEraseFormOptions;
}
