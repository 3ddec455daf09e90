import type { ICommandPalette } from '@jupyterlab/apputils';

import type { IMLOps } from '../tokens';

/**
 * Offers the commands in the palette, where there is one.
 */
export function addToPalette(
  palette: ICommandPalette | null,
  { trans }: IMLOps,
  commands: readonly string[]
): void {
  for (const command of commands) {
    palette?.addItem({ command, category: trans.__('MLOps') });
  }
}
