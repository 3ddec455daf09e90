import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Manifest } from '../../api/types';
import { useMLOps } from '../../hooks/context';

/**
 * Why the grade is what it is, each reason with the way to its cell; what could not be kept, and what was masked.
 */
export function Remarks(props: {
  manifest: Manifest;
  openCell: (id: string) => void;
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { manifest, openCell } = props;
  const { masked, notes, reasons } = manifest;
  const secrets = maskedText(masked, trans);
  const lines = [...notes, ...(secrets === null ? [] : [secrets])];
  return reasons.length + lines.length === 0 ? null : (
    <ul className="jp-MLOpsRun-reasons">
      {reasons.map(({ cell_id: cellId, message }, index) => (
        <li key={index}>
          {cellId === null ? (
            message
          ) : (
            <button
              type="button"
              className="jp-MLOpsReceipt-link"
              title={trans.__('Show the cell')}
              onClick={() => openCell(cellId)}
            >
              {message}
            </button>
          )}
        </li>
      ))}
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  );
}

/**
 * `2 secrets were masked: AWS key (notebook), known secret (diff)`; `null` where there was none.
 */
function maskedText(
  masked: Manifest['masked'],
  trans: TranslationBundle
): string | null {
  const count = masked.reduce((sum, one) => sum + one.count, 0);
  const kinds = masked.map(({ kind, where }) => `${kind} (${where})`);
  return count === 0
    ? null
    : trans._n(
        '%1 secret was masked: %2',
        '%1 secrets were masked: %2',
        count,
        kinds.join(', ')
      );
}
