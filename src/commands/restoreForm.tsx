import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { RestoreRequest, Snapshot } from '../api/types';
import { CheckBox, Choice, Field, Form } from './form';

const SHORT_ID = 8;

export interface IRestoreFormOptions {
  snapshot: Pick<Snapshot, 'id' | 'notebook_path'>;
  trans: TranslationBundle;
}

/**
 * Asks where a snapshot is to be restored to, and what of it.
 */
export class RestoreForm extends Form<RestoreRequest> {
  constructor({ snapshot, trans }: IRestoreFormOptions) {
    super({
      folder: proposedFolder(snapshot),
      in_place: false,
      data: true,
      outputs: false,
      environment: false,
      downloads: false,
      kernel: false
    });
    this._trans = trans;
  }

  getValue(): RestoreRequest {
    const { folder, in_place: isInPlace } = this.value;
    return { ...this.value, folder: isInPlace ? null : (folder ?? '').trim() };
  }

  protected renderFields(): JSX.Element {
    const { folder, in_place: isInPlace } = this.value;
    const trans = this._trans;
    return (
      <>
        <fieldset className="jp-MLOpsForm-choices">
          <legend>{trans.__('Where')}</legend>
          <Choice
            name="jp-MLOps-where"
            label={trans.__('To a new folder')}
            isChosen={!isInPlace}
            choose={() => this.change({ in_place: false })}
          />
          <Choice
            name="jp-MLOps-where"
            label={trans.__('In place')}
            hint={trans.__('after a snapshot of what is there now')}
            isChosen={isInPlace}
            choose={() => this.change({ in_place: true })}
          />
        </fieldset>
        {!isInPlace && (
          <Field
            label={trans.__('Folder')}
            hint={trans.__('new or empty, below the folder that Jupyter shows')}
          >
            <input
              className="jp-mod-styled"
              type="text"
              value={folder ?? ''}
              required
              pattern=".*\S.*"
              autoFocus
              onChange={event => this.change({ folder: event.target.value })}
            />
          </Field>
        )}
        {this._renderParts()}
      </>
    );
  }

  private _renderParts(): JSX.Element {
    const { data, environment, outputs } = this.value;
    const trans = this._trans;
    return (
      <fieldset className="jp-MLOpsForm-choices">
        <legend>{trans.__('What')}</legend>
        <CheckBox
          label={trans.__('Data that the notebook read')}
          isChecked={data}
          onChange={checked => this.change({ data: checked })}
        />
        <CheckBox
          label={trans.__('Files that it wrote')}
          isChecked={outputs}
          onChange={checked => this.change({ outputs: checked })}
        />
        <CheckBox
          label={trans.__('Environment')}
          hint={trans.__('built of the recorded packages')}
          isChecked={environment}
          onChange={checked =>
            this.change({ environment: checked, kernel: checked })
          }
        />
        {environment && this._renderEnvironment()}
      </fieldset>
    );
  }

  private _renderEnvironment(): JSX.Element {
    const { downloads, kernel } = this.value;
    const trans = this._trans;
    return (
      <>
        <CheckBox
          label={trans.__('As a kernel')}
          hint={trans.__('in your Jupyter folder; the notebook opens with it')}
          isChecked={kernel}
          onChange={checked => this.change({ kernel: checked })}
        />
        <CheckBox
          label={trans.__('Allow downloads')}
          isChecked={downloads}
          onChange={checked => this.change({ downloads: checked })}
        />
      </>
    );
  }

  private _trans: TranslationBundle;
}

function proposedFolder({
  id,
  notebook_path: path
}: IRestoreFormOptions['snapshot']): string {
  const name = PathExt.basename(path, PathExt.extname(path));
  return `${name}-${id.slice(0, SHORT_ID)}`;
}
