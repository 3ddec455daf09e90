import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { ILineageQuery } from '../../api/queries';
import { isNotFound } from '../../api/request';
import type { Lineage } from '../../api/types';
import { StateView } from '../../components/StateView';
import type { ITab } from '../../components/Tabs';
import { Tabs } from '../../components/Tabs';
import { useMLOps } from '../../hooks/context';
import type { IRequest } from '../../hooks/request';
import { useRequest } from '../../hooks/request';
import { LineageList } from './LineageList';
import { useOpenNode } from './open';

const Graph = React.lazy(() => import('./Graph'));

// how much is read at first; each `Show more` reads twice as much, up to what the server gives
const FIRST = { depth: 8, fan: 5, limit: 150 };
const MOST = { depth: 50, fan: 500, limit: 2000 };

type Direction = NonNullable<ILineageQuery['direction']>;

/**
 * The lineage of a thing as a graph and as a list. `changes` counts the times at which it may have become another.
 */
export function LineageView(props: {
  node: string | null;
  changes: number;
  more?: ITab;
}): JSX.Element {
  const { trans } = useMLOps();
  const { changes, more, node } = props;
  const [direction, setDirection] = React.useState<Direction>('both');
  const [factor, setFactor] = React.useState(1);
  const request = useLineage(node, direction, factor, changes);
  const lineage = useEqual(request.data);
  const isCut = lineage?.cut === true && FIRST.limit * factor < MOST.limit;
  const onMore = isCut ? () => setFactor(2 * factor) : null;
  const bar = (
    <Bar
      direction={direction}
      onDirection={setDirection}
      lineage={lineage}
      onMore={onMore}
    />
  );
  const tabs = [
    {
      id: 'graph',
      title: trans.__('Graph'),
      render: () => (
        <Found request={request} lineage={lineage}>
          {(found, onOpen) => (
            <React.Suspense fallback={<div className="jp-MLOpsState-bar" />}>
              <Graph lineage={found} bar={bar} onOpen={onOpen} />
            </React.Suspense>
          )}
        </Found>
      )
    },
    {
      id: 'list',
      title: trans.__('List'),
      render: () => (
        <Found request={request} lineage={lineage}>
          {(found, onOpen) => (
            <>
              <div className="jp-MLOpsLineage-bar">{bar}</div>
              <LineageList lineage={found} onOpen={onOpen} />
            </>
          )}
        </Found>
      )
    }
  ];
  return (
    <Tabs label={trans.__('Lineage')} tabs={more ? [...tabs, more] : tabs} />
  );
}

function Found(props: {
  request: IRequest<Lineage | null>;
  lineage: Lineage | null;
  children: (
    lineage: Lineage,
    onOpen: ReturnType<typeof useOpenNode>
  ) => React.ReactNode;
}): JSX.Element {
  const { trans } = useMLOps();
  const { children, lineage, request } = props;
  const onOpen = useOpenNode();
  const isEmpty = lineage === null || lineage.nodes.length === 0;
  return (
    <StateView
      {...request}
      isEmpty={isEmpty}
      empty={trans.__(
        'Nothing is known of it yet. Snapshots say what a notebook read and wrote: take one, and its data, models and deployments appear here.'
      )}
    >
      {lineage && children(lineage, onOpen)}
    </StateView>
  );
}

function Bar(props: {
  direction: Direction;
  onDirection: (direction: Direction) => void;
  lineage: Lineage | null;
  onMore: (() => void) | null;
}): JSX.Element {
  const { trans } = useMLOps();
  const { direction, lineage, onDirection, onMore } = props;
  return (
    <>
      <label>
        {trans.__('Show')}{' '}
        <HTMLSelect
          value={direction}
          onChange={({ target }) => onDirection(target.value as Direction)}
        >
          <option value="both">{trans.__('both directions')}</option>
          <option value="upstream">{trans.__('what it depends on')}</option>
          <option value="downstream">{trans.__('what depends on it')}</option>
        </HTMLSelect>
      </label>
      {lineage?.cut && <Cut lineage={lineage} onMore={onMore} />}
    </>
  );
}

/**
 * Says that there is more, and how it is seen; where no more is drawn, how much that is.
 */
function Cut(props: {
  lineage: Lineage;
  onMore: (() => void) | null;
}): JSX.Element {
  const { trans } = useMLOps();
  const { lineage, onMore } = props;
  if (onMore === null) {
    const { left_out: left, nodes } = lineage;
    return (
      <span role="status" title={trans.__('Those with … have more neighbours')}>
        {left > 0
          ? trans.__(
              'Only %1 things are shown, and at least %2 are left out.',
              nodes.length,
              left
            )
          : trans.__('There is more than is shown.')}{' '}
        {trans.__('Open Lineage in the menu of a card shows more.')}
      </span>
    );
  }
  return (
    <span role="status">
      {trans.__('There is more than is shown.')}{' '}
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-minimal"
        onClick={onMore}
      >
        {trans.__('Show more')}
      </button>
    </span>
  );
}

/**
 * The graph around a node; `null` where nothing is known of it.
 */
function useLineage(
  node: string | null,
  direction: Direction,
  factor: number,
  changes: number
): IRequest<Lineage | null> {
  const { client } = useMLOps().mlops;
  return useRequest(async () => {
    try {
      return await client.lineage({
        node,
        direction,
        depth: Math.min(FIRST.depth * factor, MOST.depth),
        fan: Math.min(FIRST.fan * factor, MOST.fan),
        limit: Math.min(FIRST.limit * factor, MOST.limit)
      });
    } catch (reason) {
      if (isNotFound(reason)) {
        return null;
      }
      throw reason;
    }
  }, [node, direction, factor, changes]);
}

/**
 * The value before, as long as the new one is equal to it, so that nothing is drawn again.
 */
function useEqual<T>(value: T): T {
  const last = React.useRef(value);
  if (
    last.current !== value &&
    JSON.stringify(last.current) !== JSON.stringify(value)
  ) {
    last.current = value;
  }
  return last.current;
}
