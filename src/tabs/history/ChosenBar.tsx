import * as React from 'react';

import type { Snapshot } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { useMLOps } from '../../hooks/context';

const MOST_COMPARED = 50;

/**
 * What can be done with the chosen snapshots.
 */
export function ChosenBar(props: {
  chosen: readonly Snapshot[];
  onClear: () => void;
}): JSX.Element {
  const { commands, trans } = useMLOps();
  const { chosen, onClear } = props;
  // the oldest is the baseline
  const runIds = chosen.map(snapshot => snapshot.run_id).reverse();
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
        disabled={chosen.length < 2 || chosen.length > MOST_COMPARED}
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
        onClick={onClear}
      >
        {trans.__('Clear')}
      </button>
    </div>
  );
}
