import * as React from 'react';

import type { Comparison, FigureRow, Run } from '../../api/types';
import { InSight } from '../../components/InSight';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { SnapshotFigure } from '../../components/SnapshotFigure';
import { useMLOps } from '../../hooks/context';
import { When } from './When';

const FLICKER_MS = 700;

// how many times as large as where they share the room there is
const ZOOMS = { min: 1, max: 4, step: 0.25 };

/**
 * The figures of the runs: side by side, or one after the other in the same place, where the eye sees what moves.
 */
export function FigureRows(props: {
  comparison: Comparison;

  /**
   * Those of the comparison, each with a name of its own.
   */
  runs: readonly Run[];
}): JSX.Element {
  const { trans } = useMLOps();
  const { figures } = props.comparison;
  const [isFlickering, setFlickering] = React.useState(false);
  const [zoom, setZoom] = React.useState(ZOOMS.min);
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
      <label className="jp-MLOpsCompare-zoom">
        {trans.__('Zoom')}{' '}
        <input
          type="range"
          {...ZOOMS}
          value={zoom}
          aria-valuetext={trans.__('%1 times', zoom)}
          onChange={({ target }) => setZoom(target.valueAsNumber)}
        />
      </label>
      <div
        className={`jp-MLOpsCompare-rows ${zoom > ZOOMS.min ? 'jp-mod-zoomed' : ''}`}
        style={{ '--jp-mlops-zoom': zoom } as React.CSSProperties}
        tabIndex={0}
      >
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
      </div>
    </>
  );
}

interface IFigureProps {
  comparison: Comparison;
  runs: readonly Run[];
  row: FigureRow;
}

function SideBySide(props: IFigureProps): JSX.Element {
  return (
    <div className="jp-MLOpsCompare-figures">
      {props.runs.map((_, at) => (
        <Picture key={at} {...props} at={at} isLazy />
      ))}
    </div>
  );
}

/**
 * The pictures lie over each other and one is seen. Who asked for less motion changes them with the button alone.
 */
function Flicker(props: IFigureProps): JSX.Element {
  const { trans } = useMLOps();
  const { row } = props;
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
            <Picture {...props} at={at} />
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

function Picture(
  props: IFigureProps & { at: number; isLazy?: boolean }
): JSX.Element {
  const { trans } = useMLOps();
  const { at, comparison, isLazy, row, runs } = props;
  const { [at]: item } = comparison.items;
  const { snapshot_id: id } = item;
  const { [at]: run } = runs;
  const { [at]: index } = row.indexes;
  const Place = isLazy ? InSight : React.Fragment;
  return (
    <figure>
      <figcaption>
        <MiddleEllipsis text={run.name} /> <When item={item} />
      </figcaption>
      {index === null || id === null ? (
        <p className="jp-MLOpsRun-hint">{trans.__('Not there')}</p>
      ) : (
        <Place>
          <SnapshotFigure
            snapshotId={id}
            index={index}
            label={trans.__('Figure of %1', run.name)}
          />
        </Place>
      )}
    </figure>
  );
}
