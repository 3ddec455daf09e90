import * as React from 'react';

import { find, render } from '../../__tests__/render';
import { RelativeTime } from '../RelativeTime';

const NOON = '2026-11-01T12:00:00Z';

describe('RelativeTime', () => {
  beforeEach(() => void jest.useFakeTimers({ now: Date.parse(NOON) }));
  afterEach(() => void jest.useRealTimers());

  it('tells how long ago, the exact time on hover, and goes with the time', () => {
    const { node } = render(<RelativeTime value={NOON} />);
    const time = find<HTMLTimeElement>(node, 'time');
    expect(time.textContent).toBe('now');
    expect(time.dateTime).toBe(NOON);
    expect(time.title).toContain('2026');
    expect(Date.parse(time.title)).toBe(Date.parse(NOON));
    React.act(() => jest.advanceTimersByTime(3 * 60_000));
    expect(time.textContent).toBe('3 minutes ago');
  });

  it('can be short', () => {
    const { node } = render(
      <RelativeTime value="2026-11-01T09:00:00Z" style="short" />
    );
    expect(node.textContent).toBe('3 hr. ago');
  });

  it('stops its clock when it goes', () => {
    const { unmount } = render(<RelativeTime value={NOON} />);
    const timers = jest.getTimerCount();
    unmount();
    expect(jest.getTimerCount()).toBe(timers - 1);
  });
});
