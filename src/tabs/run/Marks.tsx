import * as React from 'react';

import type { Snapshot } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { Chip } from '../../components/Chip';
import { useChangeCount } from '../../hooks/changes';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { pinIcon } from '../../icons';

/**
 * What is said of a snapshot: note, tags and pin, as they are now.
 */
export function Marks(props: { snapshot: Snapshot }): JSX.Element {
  const { commands, mlops, trans } = useMLOps();
  const { id: snapshotId } = props.snapshot;
  const changes = useChangeCount('snapshots', snapshotId);
  const { data } = useRequest(
    async (): Promise<Snapshot> =>
      changes === 0 ? props.snapshot : mlops.client.snapshot(snapshotId),
    [snapshotId, changes]
  );
  const { note, pinned, tags } = data ?? props.snapshot;
  const isMarked = note !== null || tags.length > 0;
  return (
    <section aria-label={trans.__('Note and tags')}>
      {note !== null && <p className="jp-MLOpsRun-note">{note}</p>}
      <div className="jp-MLOpsRun-marks">
        {tags.map(tag => (
          <Chip key={tag}>{tag}</Chip>
        ))}
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-minimal"
          aria-pressed={pinned}
          onClick={() =>
            void commands.execute(CommandIDs.pinSnapshot, { snapshotId })
          }
        >
          <pinIcon.react tag="span" elementSize="small" />
          {pinned ? trans.__('Pinned') : trans.__('Pin')}
        </button>
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-minimal"
          onClick={() =>
            void commands.execute(CommandIDs.annotateSnapshot, { snapshotId })
          }
        >
          {isMarked ? trans.__('Edit note and tags…') : trans.__('Add a note…')}
        </button>
      </div>
    </section>
  );
}
