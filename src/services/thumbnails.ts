import type { MLOpsClient } from '../api/client';
import type { ObjectContent, Snapshot } from '../api/types';

// in pixels of the page; twice as many are kept, for fine screens
const THUMBNAIL_WIDTH = 64;
const THUMBNAIL_HEIGHT = 44;

const MOST_KEPT = 500;
const MOST_AT_ONCE = 4;

/**
 * Draws an image small and returns its address.
 */
export type Shrink = (image: ObjectContent) => Promise<string>;

/**
 * The first figures of snapshots, small. Each is read when it is first looked at, a few at a time, and kept: a stored
 * figure never changes, and many snapshots share one.
 */
export class Thumbnails {
  constructor(client: MLOpsClient, shrink: Shrink = shrinkImage) {
    this._client = client;
    this._shrink = shrink;
  }

  /**
   * The address of the small figure, or `null` where there is none, it cannot be read or is no longer wanted.
   */
  async get(
    { figure_id: figureId, id }: Pick<Snapshot, 'figure_id' | 'id'>,
    signal: AbortSignal
  ): Promise<string | null> {
    if (figureId === null) {
      return null;
    }
    const known = this._kept.get(figureId);
    if (known !== undefined) {
      this._keep(figureId, known);
      return known;
    }
    await this._turn();
    try {
      if (signal.aborted) {
        return null;
      }
      const drawn =
        this._kept.get(figureId) ??
        (await this._shrink(await this._client.snapshotFigure(id, 0)));
      this._keep(figureId, drawn);
      return drawn;
    } catch {
      return null; // a list is readable without pictures
    } finally {
      this._free += 1;
      this._waiting.pop()?.();
    }
  }

  /**
   * Who came last is first: earlier rows may be out of sight by then.
   */
  private async _turn(): Promise<void> {
    while (this._free === 0) {
      await new Promise<void>(go => this._waiting.push(go));
    }
    this._free -= 1;
  }

  private _keep(figureId: string, address: string): void {
    this._kept.delete(figureId);
    this._kept.set(figureId, address);
    if (this._kept.size > MOST_KEPT) {
      this._kept.delete(this._kept.keys().next().value!);
    }
  }

  private _client: MLOpsClient;
  private _free = MOST_AT_ONCE;
  private _kept = new Map<string, string>();
  private _shrink: Shrink;
  private _waiting: (() => void)[] = [];
}

const shared = new WeakMap<MLOpsClient, Thumbnails>();

/**
 * The thumbnails that all views of a server share.
 */
export function thumbnailsOf(client: MLOpsClient): Thumbnails {
  const known = shared.get(client) ?? new Thumbnails(client);
  shared.set(client, known);
  return known;
}

async function shrinkImage({
  data,
  mime_type
}: ObjectContent): Promise<string> {
  const image = new Image();
  // as an image, an SVG runs no script
  image.src = `data:${mime_type};base64,${data}`;
  await image.decode();
  const width = image.naturalWidth || THUMBNAIL_WIDTH;
  const height = image.naturalHeight || THUMBNAIL_HEIGHT;
  const scale = Math.min(
    1,
    (2 * THUMBNAIL_WIDTH) / width,
    (2 * THUMBNAIL_HEIGHT) / height
  );
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL();
}
