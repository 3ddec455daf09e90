import * as React from 'react';

import type { Snapshot } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { Chip } from '../../components/Chip';
import { formatNumber } from '../../components/number';
import { RelativeTime } from '../../components/RelativeTime';
import { MoreButton, RowButton } from '../../components/RowButton';
import { RunMark } from '../../components/RunMark';
import { useMLOps } from '../../hooks/context';
import { compareIcon, pinIcon } from '../../icons';
import { snapshotBefore } from '../../services/before';
import { Thumbnail } from './Thumbnail';
import { changeText, describe, originWord } from './words';

interface IRowProps {
  index: number;
  top: number;
  snapshot: Snapshot;
  metric: string | null;
  change: number | null;
  isCurrent: boolean;
  isActive: boolean;
  isSelected: boolean;
}

/**
 * A snapshot: mark, result and time above, what took it and what is said of it below. The list hears clicks and keys.
 */
export const TimelineRow = React.memo(function TimelineRow(
  props: IRowProps
): JSX.Element {
  const { change, index, isActive, isCurrent, isSelected, metric } = props;
  const { snapshot, top } = props;
  const { trans } = useMLOps();
  return (
    <div
      className={`jp-MLOpsTimeline-row${isCurrent ? ' jp-mod-current' : ''}`}
      style={{ top }}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      aria-current={isCurrent || undefined}
      aria-label={describe(snapshot, change, metric, trans)}
      tabIndex={isActive ? 0 : -1}
      data-index={index}
      data-snapshot-id={snapshot.id}
      data-run-id={snapshot.run_id}
    >
      <span className="jp-MLOpsTimeline-check" role="gridcell">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isSelected}
          readOnly
          aria-label={trans.__('Select')}
        />
      </span>
      <Thumbnail snapshot={snapshot} />
      <span className="jp-MLOpsTimeline-text" role="gridcell">
        <Result snapshot={snapshot} metric={metric} change={change} />
        <Remarks snapshot={snapshot} />
      </span>
      <Buttons snapshot={snapshot} />
    </div>
  );
});

function Result(props: {
  snapshot: Snapshot;
  metric: string | null;
  change: number | null;
}): JSX.Element {
  const { change, metric, snapshot } = props;
  const { trans } = useMLOps();
  const value = metric === null ? undefined : snapshot.metrics[metric];
  return (
    <span className="jp-MLOpsRow-line">
      <RunMark run={snapshot} />
      {snapshot.pinned && (
        <pinIcon.react
          tag="span"
          elementSize="small"
          title={trans.__('Pinned')}
        />
      )}
      <span className="jp-MLOpsRow-facts">
        {value !== undefined && (
          <span title={`${metric} ${value}`}>
            <span className="jp-MLOpsTimeline-metric">{metric} </span>
            {formatNumber(value)}
          </span>
        )}
        {change !== null && (
          <span
            className="jp-MLOpsTimeline-change"
            title={trans.__('against the snapshot below')}
          >
            {changeText(change)}
          </span>
        )}
      </span>
      <span
        className="jp-MLOpsRow-author"
        title={trans.__(
          '%1, by %2',
          originWord(snapshot.origin, trans),
          snapshot.author
        )}
      >
        {snapshot.author}
      </span>
    </span>
  );
}

function Remarks({ snapshot }: { snapshot: Snapshot }): JSX.Element {
  const { trans } = useMLOps();
  const { note, origin, tags } = snapshot;
  return (
    <span className="jp-MLOpsRow-line jp-mod-second">
      {tags.length > 0 && (
        <span className="jp-MLOpsTimeline-tags" title={tags.join('\n')}>
          {tags.map(tag => (
            <Chip key={tag}>{tag}</Chip>
          ))}
        </span>
      )}
      {note ? (
        <span className="jp-MLOpsRow-facts jp-MLOpsTimeline-note" title={note}>
          {note}
        </span>
      ) : (
        <span className="jp-MLOpsRow-facts">{originWord(origin, trans)}</span>
      )}
      <RelativeTime value={snapshot.created_at} style="narrow" />
    </span>
  );
}

/**
 * What is done most, for the mouse; keys have the context menu.
 */
function Buttons({ snapshot }: { snapshot: Snapshot }): JSX.Element {
  const { commands, trans } = useMLOps();
  const { id: snapshotId, pinned, run_id: runId } = snapshot;
  const hasBefore = snapshotBefore(snapshot) !== null;
  return (
    <span className="jp-MLOpsTimeline-buttons" role="gridcell">
      <RowButton
        icon={pinIcon}
        name={pinned ? trans.__('Unpin') : trans.__('Pin')}
        onClick={() =>
          void commands.execute(CommandIDs.pinSnapshot, { snapshotId })
        }
      />
      {hasBefore && (
        <RowButton
          icon={compareIcon}
          name={trans.__('Compare with Previous')}
          onClick={() =>
            void commands.execute(CommandIDs.comparePrevious, {
              runId,
              snapshotId
            })
          }
        />
      )}
      <MoreButton />
    </span>
  );
}
