import type { IDocumentManager } from '@jupyterlab/docmanager';

/**
 * Lets open editors show what their files hold now; JupyterLab asks where one has changes that are not saved. The paths
 * are Jupyter's.
 */
export async function showAsWritten(
  documents: IDocumentManager | null,
  paths: readonly string[]
): Promise<void> {
  for (const path of paths) {
    const context = documents?.findWidget(path, null)?.context;
    if (context && !context.model.dirty) {
      await context.revert();
    }
  }
}
