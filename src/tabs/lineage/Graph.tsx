import * as React from 'react';

import type { Lineage, LineageNode } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { Camera } from './camera';
import { Canvas } from './Canvas';
import { Elsewhere } from './Elsewhere';
import { GraphBar } from './GraphBar';
import type { Choice } from './shown';
import { hasAfter, shownOf } from './shown';
import { useCardFocus } from './useCardFocus';
import { useElsewhere } from './useElsewhere';
import { useFind } from './useFind';
import { useFolding } from './useFolding';
import { useGroups } from './useGroups';
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
  const shown = React.useMemo(
    () => shownOf(lineage, choice, folded),
    [lineage, choice, folded]
  );
  const groups = useGroups(shown);
  const foldable = React.useMemo(() => {
    const after = [...hasAfter(all)];
    return new Set(after.filter(id => !groups.groups.has(id)));
  }, [all, groups]);
  const layout = useLayout(groups);
  const focus = useCardFocus(camera, layout?.places);
  const find = useFind(groups, id => camera.seek(id));
  const elsewhere = useElsewhere(find, shown);
  const list = React.useRef<HTMLElement>(null);
  return (
    <>
      <div className="jp-MLOpsLineage-bar">
        {props.bar}
        <GraphBar
          {...find}
          elsewhereCount={elsewhere.items.length}
          onElsewhere={() =>
            list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
          }
          choice={choice}
          onChoose={chosen => {
            camera.follow('start');
            choose(chosen);
          }}
          foldedCount={all.nodes.length - shown.nodes.length}
          onUnfold={() => {
            folding.unfold();
            focus.inherit([...folded].filter(id => foldable.has(id)).pop());
          }}
          openedCount={groups.openedCount}
          onGroup={() => focus.inherit(groups.close(focus.id))}
        />
      </div>
      {elsewhere.isTold && (
        <div className="jp-MLOpsLineage-over">
          <Elsewhere
            ref={list}
            found={elsewhere}
            onEscape={() => find.onText('')}
          />
        </div>
      )}
      {all.nodes.length === 0 && (
        <p>{trans.__('Nothing of this graph is stale.')}</p>
      )}
      {layout?.lineage !== groups.lineage && (
        <div className="jp-MLOpsState-bar" />
      )}
      {layout !== null && (
        <Canvas
          {...layout}
          camera={camera}
          focus={focus}
          foldable={foldable}
          found={find.ids}
          folding={folding}
          onOpenGroup={groups.open}
          onOpen={onOpen}
        />
      )}
    </>
  );
}
