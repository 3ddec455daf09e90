import * as React from 'react';

import type { Snapshot } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { useMLOps } from '../../hooks/context';
import { comparable, MOST_COMPARED } from '../../services/comparable';

/**
 * What can be done with the chosen snapshots.
 */
export function ChosenBar(props: {
  chosen: readonly Snapshot[];
  onClear: () => void;
}): JSX.Element {
  const { commands, trans } = useMLOps();
  const { chosen, onClear } = props;
  const runIds = oldestFirst(chosen);
  return (
    <div
      className="jp-MLOpsTimeline-bar"
      role="toolbar"
      aria-label={trans.__('Selected snapshots')}
    >
      <span role="status">
        {trans._n('%1 selected', '%1 selected', chosen.length)}
      </span>
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-accept"
        disabled={comparable(runIds) === undefined}
        title={trans.__('Choose 2 to %1 snapshots', MOST_COMPARED)}
        onClick={() =>
          void commands.execute(CommandIDs.compareRuns, { runIds })
        }
      >
        {trans.__('Compare')}
      </button>
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-minimal"
        onClick={() =>
          void commands.execute(CommandIDs.deleteSnapshot, {
            snapshotIds: chosen.map(({ id }) => id)
          })
        }
      >
        {trans.__('Delete…')}
      </button>
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-minimal"
        onClick={onClear}
      >
        {trans.__('Clear')}
      </button>
    </div>
  );
}

/**
 * The ids of snapshots that are listed newest first: the oldest is the baseline. Their runs may be the same.
 */
export function oldestFirst(chosen: readonly Snapshot[]): string[] {
  return chosen.map(({ id }) => id).reverse();
}
