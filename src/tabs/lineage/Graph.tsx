import * as React from 'react';

import type { Lineage, LineageNode } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { Camera, READABLE } from './camera';
import { Canvas } from './Canvas';
import { GraphBar } from './GraphBar';
import type { Choice } from './shown';
import { hasAfter, shownOf } from './shown';
import { useFind } from './useFind';
import { useFolding } from './useFolding';
import { useLayout } from './useLayout';

const NOTHING = new Set<string>();

/**
 * The graph, to be moved and zoomed, of which parts may be left out or folded away.
 */
export default function Graph(props: {
  lineage: Lineage;

  /**
   * What of everything is in the graph; it stands beside what is drawn of that.
   */
  bar: JSX.Element;

  /**
   * Reads more of it; `null` where all of it is there.
   */
  onMore: (() => void) | null;
  onOpen: (node: LineageNode) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { lineage, onOpen } = props;
  const [camera] = React.useState(() => new Camera());
  const [choice, choose] = React.useState<Choice>('all');
  const folding = useFolding();
  const { folded } = folding;
  const all = React.useMemo(
    () => shownOf(lineage, choice, NOTHING),
    [lineage, choice]
  );
  const foldable = React.useMemo(() => hasAfter(all), [all]);
  const shown = React.useMemo(
    () => shownOf(lineage, choice, folded),
    [lineage, choice, folded]
  );
  const layout = useLayout(shown);
  const find = useFind(shown, id => {
    const place = layout?.places.get(id);
    if (place) {
      camera.show(place, Math.max(camera.flow?.getZoom() ?? 0, READABLE));
    }
  });
  return (
    <>
      <div className="jp-MLOpsLineage-bar">
        {props.bar}
        <GraphBar
          {...find}
          onMore={props.onMore}
          choice={choice}
          onChoose={chosen => {
            camera.follow('all');
            choose(chosen);
          }}
          foldedCount={all.nodes.length - shown.nodes.length}
          onUnfold={folding.unfold}
        />
      </div>
      {all.nodes.length === 0 && (
        <p>{trans.__('Nothing of this graph is stale.')}</p>
      )}
      {layout?.lineage !== shown && <div className="jp-MLOpsState-bar" />}
      {layout !== null && (
        <Canvas
          {...layout}
          camera={camera}
          foldable={foldable}
          found={find.ids}
          folding={folding}
          onOpen={onOpen}
        />
      )}
    </>
  );
}
