import * as React from 'react';

import type { Comparison, FigureRow } from '../../api/types';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { RelativeTime } from '../../components/RelativeTime';
import { SnapshotFigure } from '../../components/SnapshotFigure';
import { useMLOps } from '../../hooks/context';

const FLICKER_MS = 700;

/**
 * The figures of the runs: side by side, or one after the other in the same place, where the eye sees what moves.
 */
export function FigureRows(props: { comparison: Comparison }): JSX.Element {
  const { trans } = useMLOps();
  const { figures } = props.comparison;
  const [isFlickering, setFlickering] = React.useState(false);
  if (figures.length === 0) {
    return (
      <p className="jp-MLOpsRun-hint">
        {trans.__('No snapshot of these runs has a figure.')}
      </p>
    );
  }
  return (
    <>
      <label>
        <input
          type="checkbox"
          checked={isFlickering}
          onChange={({ target }) => setFlickering(target.checked)}
        />{' '}
        {trans.__('Flicker')}
      </label>
      {figures.map((row, index) => (
        <section
          key={index}
          aria-label={trans.__('Figure %1', index + 1)}
          className="jp-MLOpsCompare-figure"
        >
          <h3>
            {trans.__('Figure %1', index + 1)}{' '}
            <span className="jp-MLOpsCompare-noise">
              {row.differs
                ? `≠ ${trans.__('differs')}`
                : `= ${trans.__('same')}`}
            </span>
          </h3>
          {isFlickering ? (
            <Flicker {...props} row={row} />
          ) : (
            <SideBySide {...props} row={row} />
          )}
        </section>
      ))}
    </>
  );
}

interface IFigureProps {
  comparison: Comparison;
  row: FigureRow;
}

function SideBySide({ comparison, row }: IFigureProps): JSX.Element {
  return (
    <div className="jp-MLOpsCompare-figures">
      {comparison.items.map((_, at) => (
        <Picture key={at} comparison={comparison} row={row} at={at} />
      ))}
    </div>
  );
}

/**
 * The pictures lie over each other and one is seen. Who asked for less motion changes them with the button alone.
 */
function Flicker({ comparison, row }: IFigureProps): JSX.Element {
  const { trans } = useMLOps();
  const places = row.indexes.flatMap((index, at) =>
    index === null ? [] : [at]
  );
  const [step, next] = React.useReducer((count: number) => count + 1, 0);
  const [isRunning, setRunning] = React.useState(
    () => !window.matchMedia('(prefers-reduced-motion: reduce)').matches
  );
  React.useEffect(() => {
    if (isRunning && places.length > 1) {
      const timer = window.setInterval(next, FLICKER_MS);
      return () => window.clearInterval(timer);
    }
  }, [isRunning, places.length]);
  const shown = step % places.length;
  return (
    <>
      <div className="jp-MLOpsCompare-flicker">
        {places.map((at, order) => (
          <div key={at} hidden={order !== shown}>
            <Picture comparison={comparison} row={row} at={at} />
          </div>
        ))}
      </div>
      {places.length > 1 && (
        <span className="jp-MLOpsRun-buttons">
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-minimal"
            onClick={() => setRunning(!isRunning)}
          >
            {isRunning ? trans.__('Pause') : trans.__('Play')}
          </button>
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-minimal"
            onClick={() => {
              setRunning(false);
              next();
            }}
          >
            {trans.__('Next')}
          </button>
        </span>
      )}
    </>
  );
}

function Picture(props: IFigureProps & { at: number }): JSX.Element {
  const { trans } = useMLOps();
  const { at, comparison, row } = props;
  const { run, snapshot_id: id } = comparison.items[at];
  const { [at]: index } = row.indexes;
  return (
    <figure>
      <figcaption>
        <MiddleEllipsis text={run.name} />{' '}
        <RelativeTime value={run.started_at} />
      </figcaption>
      {index === null || id === null ? (
        <p className="jp-MLOpsRun-hint">{trans.__('Not there')}</p>
      ) : (
        <SnapshotFigure
          snapshotId={id}
          index={index}
          label={trans.__('Figure of %1', run.name)}
        />
      )}
    </figure>
  );
}
