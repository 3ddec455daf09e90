import * as React from 'react';

import { click, find, press, render } from '../../__tests__/render';
import { useRovingList } from '../roving';

const NAMES = ['one', 'two', 'three', 'four'];

function List(props: {
  names: string[];
  onOpen: (name: string) => void;
}): JSX.Element {
  const { names, onOpen } = props;
  const { listProps, rowProps } = useRovingList(names.length, index =>
    onOpen(names[index])
  );
  return (
    <ul {...listProps}>
      {names.map((name, index) => (
        <li key={name} aria-label={name} {...rowProps(index)}>
          <button tabIndex={-1}>{`more of ${name}`}</button>
        </li>
      ))}
    </ul>
  );
}

describe('useRovingList', () => {
  let opened: jest.Mock;
  let node: HTMLElement;
  let rerender: (view: JSX.Element) => void;

  const row = (name: string) => find<HTMLLIElement>(node, 'li', name);
  const focus = (name: string) => React.act(() => row(name).focus());
  const focused = () => document.activeElement?.getAttribute('aria-label');
  const stops = () =>
    [...node.querySelectorAll('li[tabindex="0"]')].map(item =>
      item.getAttribute('aria-label')
    );
  const show = (names: string[]) =>
    rerender(<List names={names} onOpen={opened} />);

  beforeEach(() => {
    opened = jest.fn();
    const view = <List names={NAMES} onOpen={opened} />;
    ({ node, rerender } = render(view));
  });

  it('is one stop of the Tab key', () => {
    expect(stops()).toEqual(['one']);
    focus('three');
    expect(stops()).toEqual(['three']);
  });

  it.each([
    ['ArrowDown', 'two', 'three'],
    ['ArrowUp', 'two', 'one'],
    ['Home', 'three', 'one'],
    ['End', 'two', 'four'],
    ['ArrowDown', 'four', 'four'],
    ['ArrowUp', 'one', 'one']
  ])('moves on %s from %s to %s', (key, from, to) => {
    focus(from);
    const event = press(row(from), key);
    expect(focused()).toBe(to);
    expect(stops()).toEqual([to]);
    expect(event.defaultPrevented).toBe(true);
    expect(opened).not.toHaveBeenCalled();
  });

  it('opens the row in focus on Enter', () => {
    focus('two');
    press(row('two'), 'ArrowDown');
    const event = press(row('three'), 'Enter');
    expect(opened.mock.calls).toEqual([['three']]);
    expect(event.defaultPrevented).toBe(true);
  });

  it('opens a row on click', () => {
    click(row('four'));
    expect(opened.mock.calls).toEqual([['four']]);
  });

  it.each(['altKey', 'ctrlKey', 'metaKey'])('leaves keys with %s', modifier => {
    focus('two');
    for (const key of ['ArrowDown', 'Home', 'Enter']) {
      const event = press(row('two'), key, { [modifier]: true });
      expect(event.defaultPrevented).toBe(false);
    }
    expect(focused()).toBe('two');
    expect(opened).not.toHaveBeenCalled();
  });

  it('leaves other keys, such as Tab', () => {
    focus('two');
    expect(press(row('two'), 'Tab').defaultPrevented).toBe(false);
    expect(focused()).toBe('two');
  });

  it('leaves keys to what stands in a row', () => {
    const button = find(node, 'button', 'more of two');
    React.act(() => button.focus());
    for (const key of ['Enter', 'ArrowDown']) {
      expect(press(button, key).defaultPrevented).toBe(false);
    }
    expect(opened).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(button);
  });

  it('stays a stop of the Tab key when the list becomes shorter', () => {
    focus('four');
    show(['one', 'two']);
    expect(stops()).toEqual(['two']);
  });

  it('acts on the row in focus when rows come above it', () => {
    focus('two');
    show(['new', ...NAMES]);
    expect(focused()).toBe('two');
    expect(stops()).toEqual(['two']);
    press(row('two'), 'Enter');
    expect(opened.mock.calls).toEqual([['two']]);
    press(row('two'), 'ArrowDown');
    expect(focused()).toBe('three');
  });
});
