import type { Cell } from '@jupyterlab/cells';
import { CodeCell } from '@jupyterlab/cells';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { LiveDatum } from '../../api/types';
import { dataIcon } from '../../icons';
import type { CurrentNotebook } from '../../services/currentNotebook';
import type { LiveData } from '../../services/liveData';

const BADGE = 'jp-MLOpsBadge';

// what cells used when that was last told; it may change while they are waited for
const told = new WeakMap<Cell, readonly LiveDatum[]>();

/**
 * Marks the cells that read or wrote data with how much of it they used; which it was is listed on hover.
 */
export function showBadges(
  notebook: CurrentNotebook,
  data: LiveData,
  trans: TranslationBundle
): void {
  data.changed.connect(() => {
    const { panel } = notebook;
    if (panel && data.data) {
      const used = byCell(data.data.items);
      for (const cell of panel.content.widgets) {
        void mark(cell, used.get(cell.model.id) ?? [], trans);
      }
    }
  });
}

function byCell(items: readonly LiveDatum[]): Map<string, LiveDatum[]> {
  const used = new Map<string, LiveDatum[]>();
  for (const item of items) {
    for (const id of item.cell_ids) {
      used.set(id, [...(used.get(id) ?? []), item]);
    }
  }
  return used;
}

/**
 * A cell outside of the window has no editor yet: it is marked once it has.
 */
async function mark(
  cell: Cell,
  items: readonly LiveDatum[],
  trans: TranslationBundle
): Promise<void> {
  if (!(cell instanceof CodeCell)) {
    return;
  }
  told.set(cell, items);
  const old = badgeOf(cell);
  if (items.length === 0) {
    old?.remove();
    return;
  }
  await cell.ready;
  const area = cell.inputArea?.node;
  if (!area || cell.isDisposed || told.get(cell) !== items) {
    return;
  }
  const badge = badgeOf(cell) ?? createBadge(area);
  const text = listed(items, trans);
  badge.title = text;
  badge.setAttribute('aria-label', text);
  badge.lastElementChild!.textContent = `${items.length}`;
}

function badgeOf(cell: CodeCell): HTMLElement | null {
  return cell.node.querySelector<HTMLElement>(`.${BADGE}`);
}

function createBadge(area: HTMLElement): HTMLElement {
  const badge = document.createElement('span');
  badge.className = BADGE;
  badge.setAttribute('role', 'img');
  dataIcon.element({
    container: badge.appendChild(document.createElement('span'))
  });
  badge.appendChild(document.createElement('span'));
  area.appendChild(badge);
  return badge;
}

function listed(items: readonly LiveDatum[], trans: TranslationBundle): string {
  return items
    .map(({ mode, path }) =>
      mode === 'read' ? trans.__('Reads %1', path) : trans.__('Writes %1', path)
    )
    .join('\n');
}
