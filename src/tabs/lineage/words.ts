import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import {
  fileIcon,
  folderIcon,
  linkIcon,
  notebookIcon,
  spreadsheetIcon
} from '@jupyterlab/ui-components';

import type { Change, LineageNode } from '../../api/types';
import type { RowData } from '../../components/RovingList';
import { deployIcon, registerIcon, snapshotIcon } from '../../icons';

const SHORT_ID = 8;
const SHEET = /\.(csv|tsv|parquet|xlsx?|feather|arrow)$/i;

export type NodeKind = LineageNode['kind'];

/**
 * What tells a thing from others; of what a search has found no more is known.
 */
export type Named = Pick<LineageNode, 'id' | 'kind' | 'name' | 'version'> &
  Partial<Pick<LineageNode, 'data_kind'>>;

export type NodeState = LineageNode['state'];

/**
 * What a thing is called: a file by its last name, a snapshot by the first digits of its id.
 */
export function nodeName(node: Named): string {
  switch (node.kind) {
    case 'snapshot':
      return node.name.slice(0, SHORT_ID);
    case 'version':
      return `${node.name} v${node.version ?? ''}`;
    case 'deployment':
      return node.name;
    default:
      return node.name.split('/').pop() || node.name;
  }
}

/**
 * By which a thing's context menu finds it: its own, and of a snapshot that of its run.
 */
export function nodeData(node: LineageNode): RowData {
  const run = node.kind === 'snapshot' && node.run_id;
  return {
    'data-lineage': node.id,
    'data-lineage-state': node.state,
    ...(run ? { 'data-run-id': run } : {})
  };
}

export function kindName(kind: NodeKind, trans: TranslationBundle): string {
  switch (kind) {
    case 'data':
      return trans.__('Data');
    case 'notebook':
      return trans.__('Notebook');
    case 'snapshot':
      return trans.__('Snapshot');
    case 'version':
      return trans.__('Model version');
    default:
      return trans.__('Deployment');
  }
}

export function stateName(state: NodeState, trans: TranslationBundle): string {
  switch (state) {
    case 'stale':
      return trans.__('stale');
    case 'unknown':
      return trans.__('unknown');
    default:
      return trans.__('current');
  }
}

export function kindIcon(node: Named): LabIcon {
  switch (node.kind) {
    case 'data':
      return dataIcon(node);
    case 'notebook':
      return notebookIcon;
    case 'snapshot':
      return snapshotIcon;
    case 'version':
      return registerIcon;
    default:
      return deployIcon;
  }
}

function dataIcon({ data_kind: kind, name }: Named): LabIcon {
  if (kind === 'folder') {
    return folderIcon;
  }
  if (kind === 'url' || kind === 'table') {
    return linkIcon;
  }
  return SHEET.test(name) ? spreadsheetIcon : fileIcon;
}

/**
 * One change as a sentence without its full stop: "customers.csv changed".
 */
export function describeChange(
  { kind, moved_to: target, path }: Change,
  trans: TranslationBundle
): string {
  switch (kind) {
    case 'data':
      return trans.__('%1 changed', path);
    case 'missing':
      return trans.__('%1 is gone', path);
    case 'moved':
      return trans.__('%1 was moved to %2', path, target ?? '');
    case 'notebook':
      return trans.__('%1 was edited', path);
    case 'module':
      return trans.__('the module %1 was edited', path);
    default:
      return trans.__('%1, which makes an input, is stale', path);
  }
}

/**
 * Why a thing is stale, or why it is not known whether it is; empty where neither is so.
 */
export function describeState(
  { changes, state, unchecked }: LineageNode,
  trans: TranslationBundle
): string {
  if (state === 'stale') {
    return changes.map(change => describeChange(change, trans)).join('; ');
  }
  if (state === 'current') {
    return '';
  }
  return unchecked.length === 0
    ? trans.__('it is not known what this comes from')
    : unchecked
        .map(({ path, reason }) => describeUnchecked(path, reason, trans))
        .join('; ');
}

function describeUnchecked(
  path: string,
  reason: LineageNode['unchecked'][number]['reason'],
  trans: TranslationBundle
): string {
  switch (reason) {
    case 'url':
      return trans.__('%1 is not looked at: it is on the network', path);
    case 'table':
      return trans.__('%1 is not looked at: it is in a database', path);
    case 'folder':
      return trans.__(
        '%1 has other files now, and which of it were read is not known',
        path
      );
    case 'unreadable':
      return trans.__('%1 cannot be read', path);
    case 'large':
      return trans.__('%1 is too large to be compared', path);
    case 'gone':
      return trans.__('%1 is gone: it was moved or deleted', path);
    default:
      return trans.__('%1 was not read then, so it cannot be compared', path);
  }
}
