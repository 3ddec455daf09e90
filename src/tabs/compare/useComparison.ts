import * as React from 'react';

import type { Comparison, PresentNotebook } from '../../api/types';
import { useChangeCount } from '../../hooks/changes';
import { useMLOps } from '../../hooks/context';
import { useWhenInSight } from '../../hooks/inSight';
import type { IOpenNotebook } from '../../hooks/openNotebook';
import { contextAt, useOpenNotebook } from '../../hooks/openNotebook';
import type { IRequest } from '../../hooks/request';
import { useRequest } from '../../hooks/request';
import { subjectOfPresent } from '../../services/present';
import { unsavedContent } from '../../services/unsaved';

/**
 * A comparison, and the notebook that is in it as it is now.
 */
export interface ICompared {
  comparison: Comparison;
  present: PresentNotebook | null;
}

interface ILook {
  looks: number;
  present: PresentNotebook;
}

export interface IComparison {
  request: IRequest<ICompared>;

  /**
   * The notebook that is compared as it is now, where it is open.
   */
  open: IOpenNotebook;

  /**
   * Look at it again.
   */
  refresh: () => void;
}

/**
 * Compares runs, snapshots and the notebook as it is now: as an editor has it where one has changes that are not saved,
 * else as it is on the disk. It is looked at again when it is edited or saved while the view `ref` is in sight, and on
 * demand; a new order of the columns takes the last look.
 */
export function useComparison(
  order: readonly string[],
  ref: React.RefObject<HTMLElement>
): IComparison {
  const { mlops, notebooks = null } = useMLOps();
  const { client } = mlops;
  // a column may be named by a snapshot's id, of which the server says nothing when its run changes
  const [runIds, setRunIds] = React.useState(order);
  const changes = useChangeCount('tracking', ...runIds);
  const [path, setPath] = React.useState<string | null>(null);
  const open = useOpenNotebook(path);
  const [refreshes, refresh] = React.useReducer(
    (count: number) => count + 1,
    0
  );
  const looks = useWhenInSight(ref, open.changes) + refreshes;
  const last = React.useRef<ILook>();
  const unsaved = async (at: string | null) => {
    const context = contextAt(notebooks, at);
    return context && unsavedContent(context);
  };
  const look = async (id: string) => {
    let present = await client.presentNotebook(id, await unsaved(path));
    // the first look tells which notebook it is
    const content = path === null ? await unsaved(present.notebook_path) : null;
    if (content !== null) {
      present = await client.presentNotebook(id, content);
    }
    last.current = { looks, present };
    setPath(present.notebook_path);
    return present;
  };
  const compare = async (ids: readonly string[]) => {
    const found = await client.comparison(ids);
    setRunIds(found.items.map(({ run }) => run.run_id));
    return found;
  };
  const request = useRequest(async (): Promise<ICompared> => {
    const of = order.map(subjectOfPresent).find(id => id !== null) ?? null;
    if (of === null) {
      return { comparison: await compare(order), present: null };
    }
    const known = last.current?.looks === looks ? last.current.present : null;
    const present = known ?? (await look(of));
    const found = await compare(named(order, present));
    if (!found.missing.includes(present.id)) {
      return { comparison: found, present };
    }
    // the server keeps a look for an hour
    const again = await look(of);
    return { comparison: await compare(named(order, again)), present: again };
  }, [order, changes, looks]);
  return { request, open, refresh };
}

function named(order: readonly string[], { id }: PresentNotebook): string[] {
  return order.map(name => (subjectOfPresent(name) === null ? name : id));
}
