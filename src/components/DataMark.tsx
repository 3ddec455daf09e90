import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { LiveDatum } from '../api/types';
import { useMLOps } from '../hooks/context';

type State = NonNullable<LiveDatum['state']>;

const SHAPES: Record<State, string> = {
  new: '+',
  changed: '▲',
  unchanged: '✓',
  missing: '✕',
  unknown: '?'
};

/**
 * How data stands against the last snapshot, as a shape, a colour and a word.
 */
export function DataMark(props: {
  state: LiveDatum['state'];
}): JSX.Element | null {
  const { trans } = useMLOps();
  if (props.state === null) {
    return null;
  }
  const { title, word } = wording(props.state, trans);
  return (
    <span className={`jp-MLOpsDataMark jp-mod-${props.state}`} title={title}>
      <span aria-hidden="true">{SHAPES[props.state]}</span>
      <span className={word ? undefined : 'jp-MLOpsDataMark-silent'}>
        {word || title}
      </span>
    </span>
  );
}

/**
 * What is as it was needs no word that is seen.
 */
function wording(
  state: State,
  trans: TranslationBundle
): { title: string; word: string } {
  switch (state) {
    case 'new':
      return {
        title: trans.__('Not in the last snapshot'),
        word: trans.__('new')
      };
    case 'changed':
      return {
        title: trans.__('Changed since the last snapshot'),
        word: trans.__('changed')
      };
    case 'missing':
      return {
        title: trans.__('Gone since it was used'),
        word: trans.__('missing')
      };
    case 'unchanged':
      return { title: trans.__('As in the last snapshot'), word: '' };
    default:
      return {
        title: trans.__('It cannot be told whether it has changed'),
        word: ''
      };
  }
}
