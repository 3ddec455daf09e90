import * as React from 'react';

/**
 * A value as it was when it had stayed the same for so long: what a user still types is not asked about.
 */
export function useSettled<T>(value: T, quietMs: number): T {
  const [settled, settle] = React.useState(value);
  React.useEffect(() => {
    const timer = setTimeout(() => settle(value), quietMs);
    return () => clearTimeout(timer);
  }, [value, quietMs]);
  return settled;
}
