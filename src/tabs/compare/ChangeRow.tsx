import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { CellPair } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { changeName } from './changes';

const MARKS: Record<CellPair['changes'][0], string> = {
  added: '+',
  attachments: '@',
  edited: '≠',
  metadata: '*',
  moved: '⇅',
  outputs: '≈',
  removed: '−',
  tags: '#'
};

/**
 * Something that may have changed, and in what way; a click opens and closes what is below it.
 */
export function ChangeRow(props: {
  changes: CellPair['changes'];
  place?: string;
  title: string;
  isOpen: boolean;
  onToggle: () => void;
  children: React.ReactNode;
}): JSX.Element {
  const { trans } = useMLOps();
  const { changes, children, isOpen, onToggle, place, title } = props;
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
        {place !== undefined && (
          <span
            className="jp-MLOpsCells-place"
            title={trans.__('Number of the cell')}
          >
            {place}
          </span>
        )}
        <code className="jp-MLOpsCells-title">{title}</code>
        <span className="jp-MLOpsCells-changes">
          {changes.map(change => changeName(change, trans)).join(', ')}
        </span>
      </button>
      {isOpen && children}
    </>
  );
}
