import * as React from 'react';

import type { LineageNode, Run } from '../../api/types';
import { formatDuration } from '../../components/duration';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { NumberCell } from '../../components/NumberCell';
import { RelativeTime } from '../../components/RelativeTime';
import { RunMark, runWord } from '../../components/RunMark';
import { useMLOps } from '../../hooks/context';
import { headlessData } from '../../services/underway';
import { lineageData, StaleMark, staleWords } from '../lineage/StaleMark';
import type { IColumn } from './columns';
import {
  durationOf,
  DURATION_COLUMN,
  NAME_COLUMN,
  START_COLUMN
} from './columns';
import { pinOf, ROW_HEIGHT } from './table';

interface IRowProps {
  id: string;
  index: number;
  run: Run;
  stale: LineageNode | null;
  columns: readonly IColumn[];
  pinned: number;
  isActive: boolean;
  isSelected: boolean;
}

/**
 * A row, drawn again only when something of it changed. The grid hears its clicks.
 */
export const RunTableRow = React.memo(function RunTableRow(
  props: IRowProps
): JSX.Element {
  const { columns, id, index, isActive, isSelected, pinned, run, stale } =
    props;
  const { trans } = useMLOps();
  return (
    <div
      id={id}
      className={`jp-MLOpsGrid-row${isActive ? ' jp-mod-active' : ''}`}
      style={{ top: index * ROW_HEIGHT }}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-label={[run.name, runWord(run, trans), staleWords(stale, trans)]
        .filter(part => part !== '')
        .join(', ')}
      data-index={index}
      data-run-id={run.run_id}
      {...headlessData(run)}
      {...lineageData(stale, run.snapshot_id && `snapshot:${run.snapshot_id}`)}
    >
      {columns.map((column, place) => {
        const pin = pinOf(place, pinned);
        return (
          <div
            key={column.id}
            className={`jp-MLOpsGrid-cell jp-mod-${column.group}${pin.className}`}
            style={pin.style}
            role="gridcell"
          >
            <Cell
              column={column}
              run={run}
              stale={stale}
              isSelected={isSelected}
            />
          </div>
        );
      })}
    </div>
  );
});

function Cell(props: {
  column: IColumn;
  run: Run;
  stale: LineageNode | null;
  isSelected: boolean;
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { column, run } = props;
  const { group, id, valueOf } = column;
  if (id === NAME_COLUMN) {
    return (
      <>
        <span className="jp-MLOpsGrid-check">
          <input
            type="checkbox"
            tabIndex={-1}
            checked={props.isSelected}
            readOnly
            aria-label={trans.__('Select %1', run.name)}
          />
        </span>
        <RunMark run={run} />
        <button type="button" className="jp-MLOpsGrid-open" tabIndex={-1}>
          <MiddleEllipsis text={run.name} />
        </button>
        <StaleMark node={props.stale} isShort />
      </>
    );
  }
  if (id === START_COLUMN) {
    return <RelativeTime value={run.started_at} />;
  }
  if (id === DURATION_COLUMN) {
    const duration = durationOf(run);
    return duration === null ? null : (
      <span>{formatDuration(duration, trans)}</span>
    );
  }
  const value = valueOf(run);
  if (group === 'metrics') {
    const { metrics } = run;
    return column.title in metrics ? (
      <NumberCell value={metrics[column.title]} />
    ) : null;
  }
  return value === null ? null : <MiddleEllipsis text={String(value)} />;
}
