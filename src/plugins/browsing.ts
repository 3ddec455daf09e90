import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';

/**
 * The notebook that is selected in the file browser.
 */
export function notebookIn(
  browsers: IFileBrowserFactory | null
): string | null {
  const items = browsers?.tracker.currentWidget?.selectedItems() ?? [];
  return [...items].find(({ type }) => type === 'notebook')?.path ?? null;
}
