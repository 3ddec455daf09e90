import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Manifest } from '../../api/types';
import { useMLOps } from '../../hooks/context';

// results stand below them
const MOST_REASONS = 5;

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
  const [isAll, showAll] = React.useState(false);
  // one that would stand alone behind the button may stand there too
  const isLong = reasons.length > MOST_REASONS + 1;
  const shown = isLong && !isAll ? reasons.slice(0, MOST_REASONS) : reasons;
  const secrets = maskedText(masked, trans);
  const lines = [...notes, ...(secrets === null ? [] : [secrets])];
  return reasons.length + lines.length === 0 ? null : (
    <ul className="jp-MLOpsRun-reasons">
      {shown.map(({ cell_id: cellId, message }, index) => (
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
      {isLong && (
        <li>
          <button
            type="button"
            className="jp-MLOpsReceipt-link"
            aria-expanded={isAll}
            onClick={() => showAll(!isAll)}
          >
            {isAll
              ? trans.__('Show fewer reasons')
              : trans._n(
                  'Show %1 more reason',
                  'Show %1 more reasons',
                  reasons.length - MOST_REASONS
                )}
          </button>
        </li>
      )}
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
