import * as React from 'react';

import type { Comparison } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { Exports } from './Exports';
import type { Choose } from './sections';

/**
 * Which rows of the table are shown, and the table elsewhere.
 */
export function TableTools(props: {
  comparison: Comparison;
  names: readonly string[];
  chosen: Choose;
  onlyDifferent: boolean;
  onOnlyDifferent: (only: boolean) => void;
  text: string;
  onFind: (text: string) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { chosen, comparison, names, onlyDifferent, text } = props;
  return (
    <div className="jp-MLOpsCompare-tools">
      <label>
        <input
          type="checkbox"
          checked={onlyDifferent}
          onChange={({ target }) => props.onOnlyDifferent(target.checked)}
        />{' '}
        {trans.__('Only what differs')}
      </label>
      <input
        className="jp-mod-styled jp-MLOpsCompare-find"
        type="search"
        placeholder={trans.__('Find rows')}
        aria-label={trans.__('Find rows')}
        value={text}
        onChange={({ target }) => props.onFind(target.value)}
      />
      <Exports
        comparison={comparison}
        names={names}
        chosen={chosen}
        text={text}
      />
    </div>
  );
}
