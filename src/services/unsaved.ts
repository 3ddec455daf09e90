import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';

/**
 * Bytes of a notebook that the server takes: a larger one is written to the disk to be read.
 */
const MOST = 8 * 1024 * 1024;

type Document = Pick<DocumentRegistry.Context, 'model' | 'contentsModel'>;

/**
 * What an editor holds that is not on the disk, as base64 of JSON; `null` where all of it is, or where there is too
 * much to send.
 */
export async function unsavedContent({
  contentsModel,
  model
}: Document): Promise<string | null> {
  if (!model.dirty || (contentsModel?.size ?? 0) > MOST) {
    return null;
  }
  const content = model.toJSON();
  if (roomLeft(content, MOST) < 0) {
    return null;
  }
  const written = new Blob([JSON.stringify(content)]);
  return written.size > MOST ? null : base64(written);
}

/**
 * How many characters are left of `most` when those of a value's texts are taken away; less than none as soon as there
 * are too many. Nothing is copied.
 */
function roomLeft(value: ReadonlyPartialJSONValue, most: number): number {
  if (typeof value === 'string') {
    return most - value.length;
  }
  let left = most;
  for (const item of typeof value === 'object' && value !== null
    ? Object.values(value)
    : []) {
    left = left < 0 || item === undefined ? left : roomLeft(item, left);
  }
  return left;
}

/**
 * The browser's own code does it, beside what is drawn.
 */
function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).split(',', 2)[1]);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
