import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

import { errorMessage } from '../api/request';

/**
 * Writes the document if it has unsaved changes, so that the server sees what the user sees.
 *
 * Rejects with a sentence for the user if it cannot be written.
 */
export async function saveIfDirty(
  context: DocumentRegistry.Context,
  trans: TranslationBundle
): Promise<void> {
  if (!context.model.dirty) {
    return;
  }
  try {
    await context.save();
  } catch (reason) {
    const message = errorMessage(reason);
    throw new Error(trans.__('the notebook could not be saved: %1', message));
  }
  if (context.model.dirty) {
    throw new Error(trans.__('the notebook could not be saved.'));
  }
}
