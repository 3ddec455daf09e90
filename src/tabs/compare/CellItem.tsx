import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { CellPair } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { CellDetail } from './CellDetail';

type Change = CellPair['changes'][0];

const MARKS: Record<Change, string> = {
  added: '+',
  edited: '≠',
  moved: '⇅',
  outputs: '≈',
  removed: '−'
};

/**
 * A cell of two notebooks: where it stands, its first line, what happened to it. It opens on a click.
 */
export function CellItem(props: {
  pair: CellPair;
  baseId: string;
  otherId: string;
  isOpen: boolean;
  onToggle: () => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { isOpen, onToggle, pair } = props;
  const { base, changes, other } = pair;
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  const [main] = changes;
  return (
    <>
      <button
        type="button"
        className={`jp-MLOpsCells-head${main ? ` jp-mod-${main}` : ''}`}
        aria-expanded={isOpen}
        onClick={onToggle}
      >
        <Caret.react tag="span" elementSize="normal" />
        <span className="jp-MLOpsCells-mark" aria-hidden>
          {main ? MARKS[main] : '='}
        </span>
        <span
          className="jp-MLOpsCells-place"
          title={trans.__('Number of the cell')}
        >
          {base === null || other === null || base === other
            ? `${(other ?? base ?? 0) + 1}`
            : `${base + 1} → ${other + 1}`}
        </span>
        <code className="jp-MLOpsCells-title">
          {pair.title || trans.__('(empty)')}
        </code>
        <span className="jp-MLOpsCells-changes">
          {changes.map(change => changeName(change, trans)).join(', ')}
        </span>
      </button>
      {isOpen && <CellDetail {...props} />}
    </>
  );
}

export function changeName(change: Change, trans: TranslationBundle): string {
  switch (change) {
    case 'added':
      return trans.__('added');
    case 'edited':
      return trans.__('edited');
    case 'moved':
      return trans.__('moved');
    case 'outputs':
      return trans.__('output changed');
    default:
      return trans.__('removed');
  }
}
