import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import * as React from 'react';

import { useMLOps } from './context';

/**
 * What a view remembers over reloads, in JupyterLab's own state of the workspace: `null` until it is read.
 */
export function useStored<T extends object>(
  key: string,
  initial: T
): [T | null, (value: T) => void] {
  const { state } = useMLOps();
  const [value, setValue] = React.useState<T | null>(null);
  React.useEffect(() => {
    let isCurrent = true;
    const take = (found: unknown) => {
      if (isCurrent) {
        setValue({ ...initial, ...(found as T | undefined) });
      }
    };
    // what cannot be read is forgotten: it is only how things looked
    Promise.resolve(state?.fetch(key)).then(take, () => take(undefined));
    return () => {
      isCurrent = false;
    };
  }, [key, state]);
  const store = (next: T) => {
    setValue(next);
    void state?.save(key, next as ReadonlyPartialJSONObject);
  };
  return [value, store];
}
