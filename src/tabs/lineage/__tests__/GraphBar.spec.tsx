import * as React from 'react';

import { click, find, press, render } from '../../../__tests__/render';
import { GraphBar } from '../GraphBar';

function show(count: number, elsewhereCount = 0) {
  const onElsewhere = jest.fn();
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
      elsewhereCount={elsewhereCount}
      onElsewhere={onElsewhere}
      foldedCount={0}
      onUnfold={jest.fn()}
      openedCount={count}
      onGroup={onGroup}
    />
  );
  return { node, onElsewhere, onGroup, onStep, field: find(node, 'input') };
}

describe('GraphBar', () => {
  it('goes on among what is drawn, and elsewhere where nothing is', () => {
    const some = show(2, 3);
    expect(some.node.textContent).toContain('2 found · 3 not drawn here');
    press(some.field, 'Enter');
    expect(some.onStep.mock.calls).toEqual([[1]]);
    expect(some.onElsewhere).not.toHaveBeenCalled();
    press(some.field, 'ArrowDown');
    expect(some.onElsewhere).toHaveBeenCalledTimes(1);
    const none = show(0);
    expect(none.node.textContent).toContain('0 found');
    press(none.field, 'Enter');
    expect(none.onElsewhere).toHaveBeenCalledTimes(1);
    expect(none.onStep).not.toHaveBeenCalled();
  });

  it('groups again what was opened', () => {
    const { node, onGroup } = show(300);
    click(find(node, 'button', 'Group again (300 cards)'));
    expect(onGroup).toHaveBeenCalledTimes(1);
    expect(show(0).node.textContent).not.toContain('Group again');
  });
});
