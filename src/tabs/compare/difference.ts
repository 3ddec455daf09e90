import type { TranslationBundle } from '@jupyterlab/translation';

import type { DataState } from '../../api/types';
import { formatNumber } from '../../components/number';
import { formatBytes } from '../../components/size';

/**
 * A number with its sign, in four significant digits.
 */
export function formatDelta(delta: number): string {
  return signed(delta, formatNumber);
}

/**
 * How much more there is of something than in the baseline: rows where they are known, else files, else bytes.
 */
export function dataDelta(
  state: DataState | null,
  trans: TranslationBundle
): string | null {
  const {
    count_delta: files,
    row_delta: rows,
    size_delta: bytes
  } = state ?? {};
  const count = (value: number) => value.toLocaleString();
  if (rows) {
    return trans._n('%2 row', '%2 rows', Math.abs(rows), signed(rows, count));
  }
  if (files) {
    return trans._n(
      '%2 file',
      '%2 files',
      Math.abs(files),
      signed(files, count)
    );
  }
  return bytes ? signed(bytes, formatBytes) : null;
}

function signed(value: number, format: (value: number) => string): string {
  return value === 0
    ? '±0'
    : `${value > 0 ? '+' : '−'}${format(Math.abs(value))}`;
}
