import * as React from 'react';

import { click, find, press, render } from '../../../__tests__/render';
import { GraphBar } from '../GraphBar';

function show(count: number, onMore: (() => void) | null, isCut = false) {
  const onStep = jest.fn();
  const onGroup = jest.fn();
  const { node } = render(
    <GraphBar
      choice="all"
      onChoose={jest.fn()}
      text="customers"
      onText={jest.fn()}
      count={count}
      at={-1}
      onStep={onStep}
      onMore={onMore}
      isCut={isCut || onMore !== null}
      foldedCount={0}
      onUnfold={jest.fn()}
      openedCount={count}
      onGroup={onGroup}
    />
  );
  return { node, onGroup, onStep, field: find(node, 'input') };
}

describe('GraphBar', () => {
  it('looks further for what is not among what was read', () => {
    const onMore = jest.fn();
    const { field, node, onStep } = show(0, onMore);
    expect(node.textContent).toContain('Not among what is shown.');
    click(find(node, 'button', 'Look further'));
    press(field, 'Enter');
    expect(onMore).toHaveBeenCalledTimes(2);
    expect(onStep).not.toHaveBeenCalled();
  });

  it('says how many there are where that is known', () => {
    const all = show(0, null);
    expect(all.node.textContent).toContain('0 found');
    const onMore = jest.fn();
    const some = show(2, onMore);
    expect(some.node.textContent).toContain('2 found');
    press(some.field, 'Enter');
    expect([onMore.mock.calls, some.onStep.mock.calls]).toEqual([[], [[1]]]);
  });

  it('does not say that nothing is there where not all was looked at', () => {
    const { node } = show(0, null, true);
    expect(node.textContent).toContain('Not among what is shown.');
    expect(node.querySelector('button')).toBeNull();
  });

  it('groups again what was opened', () => {
    const { node, onGroup } = show(300, null);
    click(find(node, 'button', 'Group again (300 cards)'));
    expect(onGroup).toHaveBeenCalledTimes(1);
    expect(show(0, null).node.textContent).not.toContain('Group again');
  });
});
