import { Pulse } from '../pulse';

let isHidden = false;

function show(isShown: boolean): void {
  isHidden = !isShown;
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('Pulse', () => {
  let pulse: Pulse;
  let beats: number;

  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(document, 'hidden', 'get').mockImplementation(() => isHidden);
    pulse = new Pulse();
    beats = 0;
    pulse.beat.connect(() => void (beats += 1));
  });

  afterEach(() => {
    pulse.dispose();
    show(true);
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('beats for all who watch at the same moments, and not for nobody', () => {
    jest.advanceTimersByTime(60_000);
    expect(beats).toBe(0);
    const watching = [pulse.watch(), pulse.watch()];
    jest.advanceTimersByTime(30_000);
    expect(beats).toBe(3);
    watching[0].dispose();
    jest.advanceTimersByTime(10_000);
    expect(beats).toBe(4);
    watching[1].dispose();
    jest.advanceTimersByTime(60_000);
    expect(beats).toBe(4);
  });

  it('beats once for a swarm of events, also while they go on', async () => {
    for (let count = 0; count < 50; count++) {
      pulse.hint();
      await jest.advanceTimersByTimeAsync(100);
    }
    expect(beats).toBeGreaterThanOrEqual(2);
    expect(beats).toBeLessThanOrEqual(3);
  });

  it('waits while the page is hidden, and beats once when it is seen', () => {
    const watching = pulse.watch();
    show(false);
    jest.advanceTimersByTime(60_000);
    expect(beats).toBe(0);
    show(true);
    expect(beats).toBe(1);
    show(false);
    show(true);
    expect(beats).toBe(1);
    watching.dispose();
  });

  it('is quiet when it is disposed', async () => {
    pulse.watch();
    pulse.hint();
    pulse.dispose();
    pulse.hint();
    await jest.advanceTimersByTimeAsync(60_000);
    show(true);
    expect(beats).toBe(0);
  });
});
