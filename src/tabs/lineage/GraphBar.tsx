import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import { useMLOps } from '../../hooks/context';
import type { Choice } from './shown';

/**
 * What of the graph is drawn, and where something is in it.
 */
export function GraphBar(props: {
  choice: Choice;
  onChoose: (choice: Choice) => void;
  text: string;
  onText: (text: string) => void;

  /**
   * How many things have the text in their names, and which of them was shown last.
   */
  count: number;
  at: number;

  /**
   * Show the next one, or the one before.
   */
  onStep: (step: 1 | -1) => void;

  /**
   * How many were found that are not drawn, and go to these.
   */
  elsewhereCount: number;
  onElsewhere: () => void;
  foldedCount: number;
  onUnfold: () => void;

  /**
   * How many cards there are of groups that were opened.
   */
  openedCount: number;
  onGroup: () => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { choice, count, foldedCount, onElsewhere, onStep, text } = props;
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown' || (event.key === 'Enter' && count === 0)) {
      event.preventDefault();
      onElsewhere();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      onStep(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      props.onText('');
    }
  };
  return (
    <>
      <label>
        {trans.__('Draw')}{' '}
        <HTMLSelect
          value={choice}
          onChange={({ target }) => props.onChoose(target.value as Choice)}
        >
          <option value="all">{trans.__('everything')}</option>
          <option value="things">{trans.__('all but snapshots')}</option>
          <option value="stale">{trans.__('what is stale')}</option>
        </HTMLSelect>
      </label>
      <input
        type="search"
        className="jp-mod-styled jp-MLOpsLineage-find"
        aria-label={trans.__('Find in the graph')}
        placeholder={trans.__('Find')}
        value={text}
        onChange={({ target }) => props.onText(target.value)}
        onKeyDown={onKeyDown}
      />
      <span role="status">{text.trim() !== '' && <Found {...props} />}</span>
      {foldedCount > 0 && (
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-minimal"
          onClick={props.onUnfold}
        >
          {trans.__('Unfold all (%1 hidden)', foldedCount)}
        </button>
      )}
      {props.openedCount > 0 && (
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-minimal"
          onClick={props.onGroup}
        >
          {trans.__('Group again (%1 cards)', props.openedCount)}
        </button>
      )}
    </>
  );
}

/**
 * How much a search has found.
 */
function Found(props: {
  at: number;
  count: number;
  elsewhereCount: number;
}): JSX.Element {
  const { trans } = useMLOps();
  const { at, count, elsewhereCount } = props;
  return (
    <>
      {at < 0
        ? trans._n('%1 found', '%1 found', count)
        : trans.__('%1 of %2', at + 1, count)}
      {elsewhereCount > 0 &&
        ` · ${trans.__('%1 not drawn here', elsewhereCount)}`}
    </>
  );
}
