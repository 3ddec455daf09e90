import { Clipboard } from '@jupyterlab/apputils';
import * as React from 'react';

import { click, find, render } from '../../__tests__/render';
import { CopyButton } from '../CopyButton';

const WHAT = 'snippet';

describe('CopyButton', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('copies the text, and says so for a moment', () => {
    const copy = jest.spyOn(Clipboard, 'copyToSystem').mockReturnValue();
    const { node } = render(<CopyButton text="curl '한글'" label={WHAT} />);
    const button = find(node, 'button', 'Copy snippet');
    const status = find(node, '[role=status]');
    expect(status.textContent).toBe('');
    click(button);
    expect(copy.mock.calls).toEqual([["curl '한글'"]]);
    expect(status.textContent).toBe('Copied');
    expect(button.title).toBe('Copied');
    React.act(() => jest.advanceTimersByTime(2_000));
    expect(status.textContent).toBe('');
    expect(button.title).toBe('Copy snippet');
    copy.mockRestore();
  });
});
