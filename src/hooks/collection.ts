import * as React from 'react';

import type { Collection } from '../services/collection';
import { useRedraw } from './signal';

/**
 * Keeps the collection fresh while the component is mounted, and draws the component when it changes.
 */
export function useCollection<T>(collection: Collection<T>): Collection<T> {
  useRedraw(collection.changed);
  React.useEffect(() => {
    const watching = collection.watch();
    return () => watching.dispose();
  }, [collection]);
  return collection;
}
