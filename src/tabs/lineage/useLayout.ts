import * as React from 'react';

import type { Lineage } from '../../api/types';
import type { IGrouped } from './grouping';
import { place } from './layout';
import type { IOrder, IPlace, Places } from './places';

// laid out again when somebody comes back to them
const REMEMBERED = 8;
const remembered = new Map<string, Places>();

/**
 * The graph that is laid out: the last one, until the new one is.
 */
interface ILayout extends IGrouped {
  places: Places;
}

/**
 * Lays a graph out without holding up the page; null until the first is laid out. While only states change, the layout
 * stays as it is.
 */
export function useLayout({ groups, lineage }: IGrouped): ILayout | null {
  const shape = shapeOf(lineage);
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  const last = React.useRef<ILayout | null>(null);
  React.useEffect(() => {
    if (remembered.has(shape)) {
      return;
    }
    const ids = lineage.nodes.map(({ id }) => id);
    return layOut(lineage, places => {
      for (const old of [...remembered.keys()].slice(0, 1 - REMEMBERED)) {
        remembered.delete(old);
      }
      remembered.set(shape, new Map(ids.map((id, at) => [id, places[at]])));
      redraw();
    });
  }, [shape]);
  const places = remembered.get(shape);
  if (places && last.current?.lineage !== lineage) {
    last.current = { lineage, groups, places };
  }
  return last.current;
}

/**
 * Calls back when it is done, unless what it returns is called before.
 */
function layOut(
  { edges, nodes }: Lineage,
  done: (places: IPlace[]) => void
): () => void {
  const order: IOrder = {
    nodes: nodes.map(({ id }) => id),
    edges: edges.map(({ source, target }) => [source, target])
  };
  let worker: Worker;
  try {
    worker = new Worker(new URL('./layoutWorker.js', import.meta.url));
  } catch {
    // where a policy forbids workers
    done(place(order));
    return () => undefined;
  }
  worker.onmessage = ({ data }: MessageEvent<IPlace[]>) => {
    worker.terminate();
    done(data);
  };
  worker.onerror = event => {
    event.preventDefault();
    worker.terminate();
    done(place(order));
  };
  worker.postMessage(order);
  return () => worker.terminate();
}

/**
 * What the layout depends on.
 */
function shapeOf({ edges, nodes }: Lineage): string {
  const ids = nodes.map(({ id }) => id);
  return [...ids, ...edges.map(edge => `${edge.source}>${edge.target}`)].join(
    '\n'
  );
}
