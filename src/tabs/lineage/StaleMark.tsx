import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { LineageNode } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import type { RowData } from '../../components/RovingList';
import { useMLOps } from '../../hooks/context';
import { lineageIcon } from '../../icons';
import { describeState } from './words';

/**
 * Says on a row of a list that the thing is stale and why, and leads to its lineage. It is for the mouse: who uses keys
 * or hears the row has the words in the row's name, and the way there in its context menu. Its clicks are not the row's.
 */
export function StaleMark(props: {
  node: LineageNode | null;

  /**
   * Only that it is, where there is no room for why.
   */
  isShort?: boolean;

  /**
   * Which version is meant, where it is not the one that the row shows.
   */
  version?: string;
}): JSX.Element | null {
  const { commands, trans } = useMLOps();
  const { isShort = false, node, version } = props;
  const words = staleWords(node, trans, version, path => path);
  return node === null ? null : (
    <button
      type="button"
      className="jp-MLOpsStaleMark"
      tabIndex={-1}
      title={`${words}\n${trans.__('Click to see the lineage')}`}
      onClick={event => {
        event.stopPropagation();
        void commands.execute(CommandIDs.openLineage, { node: node.id });
      }}
    >
      <lineageIcon.react tag="span" className="jp-MLOpsStaleMark-icon" />
      <span className="jp-MLOpsStaleMark-words">
        {isShort ? trans.__('stale') : staleWords(node, trans, version)}
      </span>
    </button>
  );
}

/**
 * By which a row's context menu finds its lineage; `otherwise` is the thing where it is not stale.
 */
export function lineageData(
  node: LineageNode | null,
  otherwise: string | null
): RowData {
  const id = node?.id ?? otherwise;
  return id === null ? {} : { 'data-lineage': id };
}

/**
 * "stale: customers.csv changed"; empty for what is not stale. `nameOf` says how a path is called.
 */
export function staleWords(
  node: LineageNode | null,
  trans: TranslationBundle,
  version?: string,
  nameOf = PathExt.basename
): string {
  if (node === null) {
    return '';
  }
  const changes = node.changes.map(change => ({
    ...change,
    path: nameOf(change.path)
  }));
  const why = describeState({ ...node, changes }, trans);
  return version === undefined
    ? trans.__('stale: %1', why)
    : trans.__('%1 is stale: %2', version, why);
}
