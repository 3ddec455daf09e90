import type { Flow } from './flow';
import { HEIGHT, WIDTH } from './layout';
import type { IPlace, Places } from './places';

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
    this._sought = null;
  }

  /**
   * Stay: somebody has chosen what to look at.
   */
  hold(): void {
    this._follows = null;
    this._sought = null;
  }

  /**
   * Move to a card, so near that its name can be read, at once or when it has its place.
   */
  seek(id: string): void {
    this.hold();
    this._sought = { id, isNear: true };
    this._goToSought();
  }

  /**
   * Move to a card unless all of it is in sight, at once or when it has its place.
   */
  reveal(id: string): void {
    this.hold();
    this._sought = { id, isNear: false };
    this._goToSought();
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
    this._size = size;
    if (this._known.size === 0) {
      this._known = new Set(places.keys());
    }
    if (this._sought !== null && places.has(this._sought.id)) {
      this._goToSought();
    } else if (this._follows !== null) {
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
   * Look at what is sought or followed, if something is.
   */
  aim(size: ISize): void {
    this._size = size;
    this._goToSought();
    const { flow, _places: places } = this;
    if (flow === null || this._follows === null || places.size === 0) {
      return;
    }
    const isAll = this._follows === 'all';
    const all = around([...places.values()], size);
    const view = isAll ? all : begin(places, this._start, all, size);
    void flow.setViewport(view);
  }

  /**
   * The cards that have come and were never in sight.
   */
  missed(size: ISize): IPlace[] {
    if (this.flow === null) {
      return [];
    }
    const view = this.flow.getViewport();
    return [...this._places]
      .filter(([id, { x, y }]) => {
        const middle = { x: x + WIDTH / 2, y: y + HEIGHT / 2 };
        if (isInSight(middle, view, size)) {
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

  private _goToSought(): void {
    const { flow, _sought: sought } = this;
    const place = this._places.get(sought?.id ?? '');
    if (!flow || !sought || !place) {
      return;
    }
    this._sought = null;
    const { x, y } = place;
    const corners = [place, { x: x + WIDTH, y: y + HEIGHT }];
    const view = flow.getViewport();
    if (
      sought.isNear ||
      !corners.every(at => isInSight(at, view, this._size))
    ) {
      void flow.setCenter(x + WIDTH / 2, y + HEIGHT / 2, {
        zoom: sought.isNear ? Math.max(view.zoom, READABLE) : view.zoom,
        duration: 150
      });
    }
  }

  private _follows: 'start' | 'all' | null = 'start';
  private _size: ISize = { width: 0, height: 0 };
  private _sought: { id: string; isNear: boolean } | null = null;
  private _known = new Set<string>();
  private _places: Places = new Map();
  private _start: string | null = null;
}

function isInSight(
  place: IPlace,
  { x, y, zoom }: IViewport,
  { height, width }: ISize
): boolean {
  const left = x + zoom * place.x;
  const top = y + zoom * place.y;
  return left > 0 && left < width && top > 0 && top < height;
}

function edgesOf(places: readonly IPlace[]) {
  const xs = places.map(({ x }) => x);
  const ys = places.map(({ y }) => y);
  return {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs) + WIDTH,
    bottom: Math.max(...ys) + HEIGHT
  };
}

/**
 * How places are all in view, never larger than they are.
 */
function around(
  places: readonly IPlace[],
  { height, width }: ISize
): IViewport {
  const { bottom, left, right, top } = edgesOf(places);
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
    const { bottom, left, right, top } = edgesOf([...places.values()]);
    const x = width / 2 - zoom * (from.x + WIDTH / 2);
    const y = height / 2 - zoom * (from.y + HEIGHT / 2);
    return {
      x: within(x, zoom * left, zoom * right, width),
      y: within(y, zoom * top, zoom * bottom, height),
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

/**
 * What is as near as may be to what is wanted without room being left beside all of it: half of the view would be empty
 * where the start is the first or the last.
 */
function within(
  wanted: number,
  low: number,
  high: number,
  size: number
): number {
  const [least, most] = [size - MARGIN - high, MARGIN - low];
  return least > most
    ? (size - low - high) / 2
    : Math.min(most, Math.max(least, wanted));
}
