import type { Flow } from './flow';
import type { IPlace, Places } from './layout';
import { HEIGHT, WIDTH } from './layout';

// below it names cannot be read
export const READABLE = 0.75;
export const FARTHEST = 0.05;
const MARGIN = 24;
const PADDING = 0.05;

export interface ISize {
  width: number;
  height: number;
}

interface IViewport {
  x: number;
  y: number;
  zoom: number;
}

/**
 * Looks at a graph that grows. Until a user moves it, it follows: all stays in view, or where not all can be read, the
 * start. From then on it stays where it is. It knows which cards have come and were not in sight yet.
 */
export class Camera {
  flow: Flow | null = null;

  /**
   * Follow the graph: as it is shown at first, or all of it however small that is.
   */
  follow(what: 'start' | 'all'): void {
    this._follows = what;
  }

  /**
   * Stay: somebody has chosen what to look at.
   */
  hold(): void {
    this._follows = null;
  }

  /**
   * Move to a place.
   */
  show({ x, y }: IPlace, zoom = this.flow?.getZoom()): void {
    this.hold();
    const middle = [x + WIDTH / 2, y + HEIGHT / 2] as const;
    void this.flow?.setCenter(...middle, { zoom, duration: 150 });
  }

  /**
   * Take a graph that is laid out anew. `anchor` is the card that keeps its place on the screen where the camera stays.
   */
  take(
    places: Places,
    start: string | null,
    anchor: string | null,
    size: ISize
  ): void {
    const old = this._places.get(anchor ?? '');
    const now = places.get(anchor ?? '');
    this._places = places;
    this._start = start;
    if (this._follows !== null) {
      this.aim(size);
    } else if (this.flow && old && now) {
      const { x, y, zoom } = this.flow.getViewport();
      void this.flow.setViewport({
        x: x + zoom * (old.x - now.x),
        y: y + zoom * (old.y - now.y),
        zoom
      });
    }
  }

  /**
   * Look at what is followed, if something is.
   */
  aim(size: ISize): void {
    const { flow, _places: places } = this;
    if (flow === null || this._follows === null || places.size === 0) {
      return;
    }
    const isAll = this._follows === 'all';
    const all = around([...places.values()], size);
    const view = isAll ? all : begin(places, this._start, all, size);
    void flow.setViewport(view);
    if (this._known.size === 0) {
      this._known = new Set(places.keys());
    }
  }

  /**
   * The cards that have come and were never in sight.
   */
  missed({ height, width }: ISize): IPlace[] {
    if (this.flow === null) {
      return [];
    }
    const { x, y, zoom } = this.flow.getViewport();
    return [...this._places]
      .filter(([id, place]) => {
        const left = x + zoom * (place.x + WIDTH / 2);
        const top = y + zoom * (place.y + HEIGHT / 2);
        const isSeen = left > 0 && left < width && top > 0 && top < height;
        if (isSeen) {
          this._known.add(id);
        }
        return !this._known.has(id);
      })
      .map(([, place]) => place);
  }

  /**
   * Look at places, and stay there.
   */
  lookAt(places: readonly IPlace[], size: ISize): void {
    this.hold();
    void this.flow?.setViewport(around(places, size), { duration: 150 });
  }

  private _follows: 'start' | 'all' | null = 'start';
  private _known = new Set<string>();
  private _places: Places = new Map();
  private _start: string | null = null;
}

/**
 * How places are all in view, never larger than they are.
 */
function around(
  places: readonly IPlace[],
  { height, width }: ISize
): IViewport {
  const xs = places.map(({ x }) => x);
  const ys = places.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [right, bottom] = [Math.max(...xs) + WIDTH, Math.max(...ys) + HEIGHT];
  const fitting = Math.min(width / (right - left), height / (bottom - top));
  const zoom = Math.max(FARTHEST, Math.min(1, fitting * (1 - 2 * PADDING)));
  return {
    x: (width - zoom * (left + right)) / 2,
    y: (height - zoom * (top + bottom)) / 2,
    zoom
  };
}

/**
 * Shows the start, or what is leftmost, where not all can be shown in letters that can be read.
 */
function begin(
  places: Places,
  start: string | null,
  all: IViewport,
  { height, width }: ISize
): IViewport {
  if (all.zoom >= READABLE) {
    return all;
  }
  const zoom = READABLE;
  const from = places.get(start ?? '');
  if (from) {
    return {
      x: width / 2 - zoom * (from.x + WIDTH / 2),
      y: height / 2 - zoom * (from.y + HEIGHT / 2),
      zoom
    };
  }
  const [first] = [...places.values()].sort((one, other) => one.x - other.x);
  // at the same height as before, seen from nearer
  const middle = first.y + HEIGHT / 2;
  return {
    x: MARGIN - zoom * first.x,
    y: all.y + all.zoom * middle - zoom * middle,
    zoom
  };
}
