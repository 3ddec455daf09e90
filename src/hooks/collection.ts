import * as React from 'react';

import type { Collection } from '../services/collection';

/**
 * Keeps the collection fresh while the component is mounted, and draws the component when it changes.
 */
export function useCollection<T>(collection: Collection<T>): Collection<T> {
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    collection.changed.connect(redraw);
    const watching = collection.watch();
    // it may have changed since it was drawn
    redraw();
    return () => {
      watching.dispose();
      collection.changed.disconnect(redraw);
    };
  }, [collection]);
  return collection;
}
