import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { Field, Form } from './form';

const LONGEST_NOTE = 10_000;
const LONGEST_TAG = 50;
const MOST_TAGS = 20;

export interface IMarksFormOptions {
  note: string;
  tags: readonly string[];

  /**
   * The note that somebody else has written meanwhile; `null` if nobody has.
   */
  other: string | null;

  /**
   * Tags that other snapshots have.
   */
  known: readonly string[];
  trans: TranslationBundle;
}

/**
 * Asks for the note and the tags of a snapshot.
 */
export class MarksForm extends Form<{ note: string; tags: string[] }> {
  constructor(options: IMarksFormOptions) {
    const { note, tags } = options;
    super({ note, tags: [...tags] });
    this._options = options;
    this._text = tags.join(', ');
  }

  protected renderFields(): JSX.Element {
    const { trans } = this._options;
    const { note, tags } = this.value;
    const isTooMuch =
      tags.length > MOST_TAGS || tags.some(tag => tag.length > LONGEST_TAG);
    return (
      <>
        <Other note={this._options.other} trans={trans} />
        <Field label={trans.__('Note')}>
          <textarea
            className="jp-mod-styled"
            rows={4}
            maxLength={LONGEST_NOTE}
            value={note}
            onChange={event => this.change({ note: event.target.value })}
            // Enter is the dialog's, and here a new line
            onKeyDown={event => event.stopPropagation()}
          />
        </Field>
        <Field
          label={trans.__('Tags')}
          hint={
            isTooMuch
              ? trans.__(
                  'At most %1 tags of at most %2 letters',
                  MOST_TAGS,
                  LONGEST_TAG
                )
              : trans.__('Commas between')
          }
        >
          <input
            ref={node => node?.setCustomValidity(isTooMuch ? 'tags' : '')}
            className="jp-mod-styled"
            type="text"
            value={this._text}
            onChange={event => this._write(event.target.value)}
          />
        </Field>
        <Known
          tags={this._options.known.filter(tag => !tags.includes(tag))}
          label={trans.__('Tags in use')}
          onAdd={tag => this._write([...tags, tag].join(', '))}
        />
      </>
    );
  }

  private _write(text: string): void {
    this._text = text;
    const tags = text
      .split(',')
      .map(tag => tag.trim())
      .filter(tag => tag !== '');
    this.change({ tags: [...new Set(tags)].sort() });
  }

  private _options: IMarksFormOptions;
  private _text: string;
}

/**
 * What `Save` would put another note in the place of.
 */
function Other(props: {
  note: string | null;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { note, trans } = props;
  return note === null ? null : (
    <div className="jp-MLOpsForm-other" role="alert">
      {note === ''
        ? trans.__('Somebody else has removed the note meanwhile.')
        : trans.__(
            'Somebody else has written another note meanwhile. Save puts yours in its place:'
          )}
      {note !== '' && <blockquote>{note}</blockquote>}
    </div>
  );
}

function Known(props: {
  tags: readonly string[];
  label: string;
  onAdd: (tag: string) => void;
}): JSX.Element | null {
  return props.tags.length === 0 ? null : (
    <div className="jp-MLOpsForm-known" role="group" aria-label={props.label}>
      {props.tags.slice(0, MOST_TAGS).map(tag => (
        <button
          key={tag}
          type="button"
          className="jp-MLOpsChip"
          onClick={() => props.onAdd(tag)}
        >
          {`+ ${tag}`}
        </button>
      ))}
    </div>
  );
}
