import { Camera, READABLE } from '../camera';
import type { Flow } from '../flow';
import { HEIGHT, WIDTH } from '../layout';
import type { Places } from '../places';

const SIZE = { width: 1000, height: 600 };

/**
 * As much of React Flow as a camera moves.
 */
class FakeFlow {
  view = { x: NaN, y: NaN, zoom: NaN };

  getViewport() {
    return this.view;
  }

  getZoom() {
    return this.view.zoom;
  }

  async setViewport(view: FakeFlow['view']) {
    this.view = view;
  }

  async setCenter(x: number, y: number, { zoom }: { zoom: number }) {
    this.view = {
      x: SIZE.width / 2 - zoom * x,
      y: SIZE.height / 2 - zoom * y,
      zoom
    };
  }
}

/**
 * Cards in a row, named by where they are in it.
 */
function row(count: number, step = 250): Places {
  return new Map(
    Array.from({ length: count }, (_, at) => [`${at}`, { x: at * step, y: 0 }])
  );
}

function setUp(count: number, start: string | null = null) {
  const flow = new FakeFlow();
  const camera = new Camera();
  const take = (places: Places, anchor: string | null = null) =>
    camera.take(places, start, anchor, SIZE);
  take(row(count));
  camera.flow = flow as unknown as Flow;
  camera.aim(SIZE);
  const left = (x: number) => flow.view.x + flow.view.zoom * x;
  return { camera, flow, left, take };
}

describe('Camera', () => {
  it('follows a graph that grows, each card as large as it is while all fit', () => {
    const { flow, left, take } = setUp(1);
    expect(flow.view.zoom).toBe(1);
    expect(left(WIDTH / 2)).toBe(SIZE.width / 2);
    for (const count of [2, 3, 4]) {
      take(row(count));
      expect(left(0)).toBeGreaterThan(0);
      expect(left((count - 1) * 250 + WIDTH)).toBeLessThan(SIZE.width);
    }
  });

  it('shows names that can be read: what is leftmost, or the start', () => {
    const { flow, left } = setUp(40);
    expect(flow.view.zoom).toBe(READABLE);
    expect(left(0)).toBe(24);
    expect(flow.view.y + READABLE * (HEIGHT / 2)).toBe(SIZE.height / 2);
    const started = setUp(40, '20');
    expect(started.flow.view.zoom).toBe(READABLE);
    expect(started.left(20 * 250 + WIDTH / 2)).toBe(SIZE.width / 2);
    // half of the view is not left empty
    expect(setUp(40, '0').left(0)).toBe(24);
    expect(setUp(40, '39').left(39 * 250 + WIDTH)).toBe(SIZE.width - 24);
  });

  it('follows all of it, once that was asked for', () => {
    const { camera, flow, left, take } = setUp(40);
    camera.follow('all');
    camera.aim(SIZE);
    expect(left(0)).toBeGreaterThan(0);
    take(row(60));
    expect(left(59 * 250 + WIDTH)).toBeLessThan(SIZE.width);
    expect(flow.view.zoom).toBeLessThan(READABLE);
  });

  it('stays where a user has moved it, and a card where it was on the screen', () => {
    const { camera, flow, left, take } = setUp(3);
    camera.hold();
    flow.view = { x: -100, y: 20, zoom: 0.5 };
    const before = left(500);
    const moved = new Map(row(3)).set('2', { x: 900, y: 80 });
    take(moved, '2');
    expect(left(900)).toBe(before);
    expect(flow.view.zoom).toBe(0.5);
    camera.aim(SIZE);
    expect(left(900)).toBe(before);
  });

  it('knows what has come and was never in sight', () => {
    const { camera, flow, take } = setUp(2);
    expect(camera.missed(SIZE)).toEqual([]);
    camera.hold();
    take(row(8));
    const missed = camera.missed(SIZE);
    expect(missed.map(({ x }) => x)).toEqual([750, 1000, 1250, 1500, 1750]);
    // once seen they are known, wherever one looks then
    camera.lookAt(missed, SIZE);
    expect(camera.missed(SIZE)).toEqual([]);
    flow.view = { x: 10_000, y: 0, zoom: 1 };
    expect(camera.missed(SIZE)).toEqual([]);
    take(row(9));
    expect(camera.missed(SIZE).map(({ x }) => x)).toEqual([2000]);
    camera.follow('all');
    camera.aim(SIZE);
    expect(camera.missed(SIZE)).toEqual([]);
  });

  it('says so too where it follows the start of a graph that grows large', () => {
    const { camera, take } = setUp(4);
    take(row(12));
    expect(camera.missed(SIZE).map(({ x }) => x)).toContain(2750);
    // of what was large from the beginning nothing is new
    expect(setUp(40).camera.missed(SIZE)).toEqual([]);
  });

  it('stays after it was sent to a card', () => {
    const { camera, left, take } = setUp(40);
    camera.seek('20');
    expect(left(5000 + WIDTH / 2)).toBe(SIZE.width / 2);
    take(row(41));
    expect(left(5000 + WIDTH / 2)).toBe(SIZE.width / 2);
  });

  it('goes to a card that has no place yet, once it has one', () => {
    const { camera, flow, left, take } = setUp(3);
    flow.view = { x: 0, y: 0, zoom: 0.1 };
    camera.seek('20');
    expect(left(0)).toBe(0);
    take(row(40));
    expect(left(5000 + WIDTH / 2)).toBe(SIZE.width / 2);
    expect(flow.view.zoom).toBe(READABLE);
  });

  it('goes to a card that was sought before anything was drawn', () => {
    const camera = new Camera();
    const flow = new FakeFlow();
    flow.view = { x: 0, y: 0, zoom: 1 };
    camera.seek('20');
    camera.take(row(40), null, null, SIZE);
    camera.flow = flow as unknown as Flow;
    camera.aim(SIZE);
    expect(flow.view.x + 5000 + WIDTH / 2).toBe(SIZE.width / 2);
    // nothing has come since
    expect(camera.missed(SIZE)).toEqual([]);
  });

  it('does not go where somebody has moved to since', () => {
    const { camera, left, take } = setUp(3);
    camera.seek('20');
    camera.hold();
    const before = left(0);
    take(row(40), '0');
    expect(left(0)).toBe(before);
  });

  it('reveals a card that is not all in sight, and no other', () => {
    const { camera, flow, left } = setUp(40);
    flow.view = { x: -100, y: 100, zoom: 1 };
    camera.reveal('1');
    expect(left(0)).toBe(-100);
    camera.reveal('0');
    expect(left(WIDTH / 2)).toBe(SIZE.width / 2);
  });
});
