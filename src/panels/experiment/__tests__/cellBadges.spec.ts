import { CodeCell } from '@jupyterlab/cells';
import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import { trans } from '../../../__tests__/mlops';
import type { CurrentNotebook } from '../../../services/currentNotebook';
import type { LiveData } from '../../../services/liveData';
import { showBadges } from '../cellBadges';

describe('showBadges', () => {
  const area = document.createElement('div');
  const ready = new PromiseDelegate<void>();
  const cell = Object.create(CodeCell.prototype, {
    inputArea: { value: { node: area } },
    isDisposed: { value: false },
    model: { value: { id: 'a' } },
    node: { value: area },
    ready: { value: ready.promise }
  });
  const data = { changed: new Signal<object, void>({}), data: {} };
  const tell = async (...paths: string[]) => {
    const items = paths.map(path => ({ path, mode: 'read', cell_ids: ['a'] }));
    data.data = { items };
    data.changed.emit();
    await ready.promise;
  };
  const panel = { content: { widgets: [cell] } };
  showBadges(
    { panel } as unknown as CurrentNotebook,
    data as unknown as LiveData,
    trans
  );

  it('marks a cell as it was last told, also one that is drawn late', async () => {
    const first = tell('a.csv', 'b.csv');
    const second = tell();
    ready.resolve();
    await Promise.all([first, second]);
    expect(area.innerHTML).toBe('');
    await tell('a.csv');
    expect(area.textContent).toBe('1');
    expect(area.querySelector('[role=img]')!.getAttribute('aria-label')).toBe(
      'Reads a.csv'
    );
    await tell();
    expect(area.innerHTML).toBe('');
  });
});
