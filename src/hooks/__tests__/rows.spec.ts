import type * as React from 'react';

import { destination, howChosen } from '../rows';

describe('destination', () => {
  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 3, 2],
    ['ArrowUp', 0, 0],
    ['PageDown', 3, 7],
    ['PageDown', 8, 9],
    ['PageUp', 2, 0],
    ['Home', 3, 0],
    ['End', 3, 9],
    ['Enter', 3, null]
  ])('of %s from %i of ten is %s', (key, from, to) => {
    expect(destination(key, from, 10, 4)).toBe(to);
  });

  it('is nowhere in an empty list, and turns no page where there is none', () => {
    expect(destination('Home', 0, 0)).toBeNull();
    expect(destination('PageDown', 0, 10)).toBeNull();
  });

  it('is the first row where there was none before', () => {
    expect(destination('ArrowDown', -1, 10)).toBe(0);
    expect(destination('ArrowUp', -1, 10)).toBe(0);
  });
});

describe('howChosen', () => {
  it.each([
    [{}, null],
    [{ shiftKey: true, ctrlKey: true }, 'range'],
    [{ ctrlKey: true }, 'toggle'],
    [{ metaKey: true }, 'toggle']
  ])('of %j is %s', (keys, how) => {
    expect(howChosen(keys as React.MouseEvent)).toBe(how);
  });
});
