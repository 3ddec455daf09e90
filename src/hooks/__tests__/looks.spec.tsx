import * as React from 'react';

import { render } from '../../__tests__/render';
import { nextLook } from '../../services/looks';
import { useLooks } from '../looks';

function Looks({ isOn }: { isOn: boolean }): JSX.Element {
  const [looks] = useLooks(isOn, 1_000);
  return <>{looks}</>;
}

describe('looks at what changes without an event', () => {
  let isHidden = false;

  const hide = (hidden: boolean) => {
    isHidden = hidden;
    React.act(() => {
      document.dispatchEvent(new Event('visibilitychange'));
    });
  };
  const advance = (ms: number) =>
    React.act(() => jest.advanceTimersByTimeAsync(ms));

  beforeEach(() => {
    isHidden = false;
    jest.useFakeTimers();
    jest.spyOn(document, 'hidden', 'get').mockImplementation(() => isHidden);
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('are counted while they are wanted', async () => {
    const { node, rerender } = render(<Looks isOn={false} />);
    await advance(5_000);
    expect(node.textContent).toBe('0');
    rerender(<Looks isOn />);
    await advance(3_000);
    expect(node.textContent).toBe('3');
    rerender(<Looks isOn={false} />);
    await advance(5_000);
    expect(node.textContent).toBe('3');
  });

  it('wait for a hidden page to be seen again', async () => {
    const { node, unmount } = render(<Looks isOn />);
    hide(true);
    await advance(5_000);
    expect(node.textContent).toBe('0');
    hide(false);
    expect(node.textContent).toBe('1');
    const removed = jest.spyOn(document, 'removeEventListener');
    unmount();
    expect(removed).toHaveBeenCalledWith(
      'visibilitychange',
      expect.any(Function)
    );
  });

  it('are waited for', async () => {
    const looked = jest.fn();
    void nextLook(1_000).then(looked);
    await advance(999);
    expect(looked).not.toHaveBeenCalled();
    hide(true);
    await advance(5_000);
    expect(looked).not.toHaveBeenCalled();
    hide(false);
    await advance(0);
    expect(looked).toHaveBeenCalledTimes(1);
  });
});
