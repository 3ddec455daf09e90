import * as React from 'react';

import type { Lineage, LineageMatch, LineageMatches } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import type { IRequest } from '../../hooks/request';
import { useRequest } from '../../hooks/request';
import { useSettled } from '../../hooks/settled';
import type { IFind } from './useFind';

const QUIET_MS = 250;

export interface IElsewhere {
  request: IRequest<LineageMatches | null>;
  items: readonly LineageMatch[];

  /**
   * There is something to tell: what was found, that this failed, or that nothing at all was.
   */
  isTold: boolean;
}

/**
 * Things of the whole graph whose names hold a text, as the server finds them, but for those that are drawn.
 */
export function useElsewhere(
  { count, text }: IFind,
  lineage: Lineage
): IElsewhere {
  const { client } = useMLOps().mlops;
  const wanted = text.trim();
  const asked = useSettled(wanted, QUIET_MS);
  const request = useRequest(
    async () =>
      asked === '' ? null : { asked, ...(await client.searchLineage(asked)) },
    [asked]
  );
  const { data } = request;
  const isOld = request.phase === 'ready' && data?.asked !== wanted;
  const phase = isOld ? 'loading' : request.phase;
  const items = React.useMemo(() => {
    const drawn = new Set(lineage.nodes.map(({ id }) => id));
    return data?.items.filter(({ id }) => !drawn.has(id)) ?? [];
  }, [data, lineage]);
  const isTold =
    wanted !== '' && (items.length > 0 || phase === 'failed' || count === 0);
  return { request: { ...request, phase }, items, isTold };
}
