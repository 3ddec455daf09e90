import * as React from 'react';

import type { LineageNode } from '../../api/types';
import type { RowData } from '../../components/RovingList';
import { StateMark } from './StateMark';
import { kindIcon } from './words';

/**
 * What a card shows and says.
 */
export interface IFace {
  /**
   * A class of its own.
   */
  mark?: string;
  data: RowData;

  /**
   * What is read out, and the lines that are shown on hover; without those that are empty.
   */
  words: string[];
  title: string[];
  name: string;
  facts: JSX.Element;

  /**
   * The thing whose icon and state are shown.
   */
  state: LineageNode;
}

/**
 * The button that a card is. It stays the same one, with the focus, where a group becomes its first thing or the other
 * way round.
 */
export const CardButton = React.forwardRef<
  HTMLButtonElement,
  {
    face: IFace;
    isStart: boolean;
    isFound: boolean;
    tabIndex: number;
    onOpen: () => void;
    onFocus: () => void;
  }
>((props, ref) => {
  const { face, isFound, isStart, onFocus, onOpen, tabIndex } = props;
  const Icon = kindIcon(face.state);
  const classes = [
    'jp-MLOpsCard nodrag nopan',
    face.mark ?? '',
    `jp-mod-${face.state.state}`,
    isFound ? 'jp-mod-found' : ''
  ];
  return (
    <button
      ref={ref}
      type="button"
      className={joined(classes, ' ')}
      aria-label={joined(face.words, ', ')}
      aria-current={isStart ? 'true' : undefined}
      {...face.data}
      tabIndex={tabIndex}
      title={joined(face.title, '\n')}
      onClick={onOpen}
      onFocus={onFocus}
    >
      <span className="jp-MLOpsCard-line">
        <Icon.react tag="span" className="jp-MLOpsCard-icon" />
        <span className="jp-MLOpsCard-name">{face.name}</span>
      </span>
      <span className="jp-MLOpsCard-line jp-mod-second">
        {face.facts}
        <StateMark node={face.state} />
      </span>
    </button>
  );
});
CardButton.displayName = 'CardButton';

function joined(texts: readonly string[], by: string): string {
  return texts.filter(text => text !== '').join(by);
}
