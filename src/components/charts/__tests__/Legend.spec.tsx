import * as React from 'react';

import { click, render, settle } from '../../../__tests__/render';
import type { Run } from '../../../api/types';
import { Legend } from '../Legend';

const RUNS = ['a', 'b', 'c'].map(id => ({
  run_id: id,
  name: `run ${id}`
})) as unknown as Run[];

describe('Legend', () => {
  it('tells which curve is looked for, by keys and until it is chosen again', async () => {
    const told: (string | null)[] = [];
    const { node } = render(
      <Legend runs={RUNS} onHighlight={name => told.push(name)} />
    );
    const items = [...node.querySelectorAll('li')];
    const press = (at: number, key: string) =>
      settle(() => {
        const event = new KeyboardEvent('keydown', { key, bubbles: true });
        items[at].dispatchEvent(event);
      });
    await settle(() => items[0].focus());
    await press(0, 'ArrowDown');
    expect(document.activeElement).toBe(items[1]);
    await press(1, 'Enter');
    expect(items[1].getAttribute('aria-selected')).toBe('true');
    await settle(() => items[1].blur());
    expect(told.at(-1)).toBe('run b');
    click(items[1]);
    await settle(() => items[1].focus());
    await settle(() => items[1].blur());
    expect(told.at(-1)).toBeNull();
  });

  it('is none for one run', () => {
    const one = RUNS.slice(0, 1);
    const { node } = render(<Legend runs={one} onHighlight={() => null} />);
    expect(node.querySelector('ul')).toBeNull();
  });
});
