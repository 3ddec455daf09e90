import * as React from 'react';

import { click, find, press, render } from '../../../__tests__/render';
import { GraphBar } from '../GraphBar';

function show(count: number, onMore: (() => void) | null) {
  const onStep = jest.fn();
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
      foldedCount={0}
      onUnfold={jest.fn()}
    />
  );
  return { node, onStep, field: find(node, 'input') };
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
});
