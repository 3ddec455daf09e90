import * as React from 'react';

import type { CellPair } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { CellDetail } from './CellDetail';
import { ChangeRow } from './ChangeRow';

/**
 * A cell of two notebooks: where it stands, its first line, what happened to it.
 */
export function CellItem(props: {
  pair: CellPair;
  baseId: string;
  otherId: string;
  isOpen: boolean;
  onToggle: () => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { base, changes, other, title } = props.pair;
  const isInPlace = base === null || other === null || base === other;
  return (
    <ChangeRow
      {...props}
      changes={changes}
      place={
        isInPlace ? `${(other ?? base ?? 0) + 1}` : `${base + 1} → ${other + 1}`
      }
      title={title || trans.__('(empty)')}
    >
      <CellDetail {...props} />
    </ChangeRow>
  );
}
