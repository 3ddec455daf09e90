import * as React from 'react';

import { CommandIDs } from '../../commands/ids';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { useMLOps } from '../../hooks/context';

/**
 * A name that leads to the cells it comes from; plain where they are not known.
 */
export function CellLink(props: {
  text: string;
  cellIds: readonly string[];
}): JSX.Element {
  const { commands, trans } = useMLOps();
  const { cellIds, text } = props;
  const title =
    cellIds.length === 0
      ? text
      : trans._n(
          '%2\nShow the cell',
          '%2\nShow the cells',
          cellIds.length,
          text
        );
  return (
    <button
      type="button"
      className="jp-MLOpsData-name"
      disabled={cellIds.length === 0}
      aria-label={text}
      title={title}
      onClick={() =>
        void commands.execute(CommandIDs.showCells, { cellIds: [...cellIds] })
      }
    >
      <MiddleEllipsis text={text} title="" />
    </button>
  );
}
