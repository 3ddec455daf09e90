import * as React from 'react';

import type { CellPair, StoredCell } from '../../api/types';
import { Chip } from '../../components/Chip';
import { formatBytes } from '../../components/size';
import { useMLOps } from '../../hooks/context';
import { Attachments } from './Attachments';

const Diff = React.lazy(() => import('./Diff'));

/**
 * What changed of a cell beside its text and its outputs: its tags, its metadata and its attachments.
 */
export function About(props: {
  base: StoredCell;
  other: StoredCell;
  changes: CellPair['changes'];
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { base, changes, other } = props;
  const size = base.about_size ?? other.about_size ?? null;
  const isShown = (kind: CellPair['changes'][0]) =>
    size === null && changes.includes(kind);
  return (
    <>
      {changes.includes('tags') && <Tags base={base.tags} other={other.tags} />}
      {size !== null && (
        <p className="jp-MLOpsRun-hint">
          {trans.__(
            'Metadata and attachments of %1 are too large to be shown here.',
            formatBytes(size)
          )}
        </p>
      )}
      {isShown('metadata') && (
        <Diff
          left={textOf(base.metadata)}
          right={textOf(other.metadata)}
          language="json"
          label={trans.__('Metadata')}
        />
      )}
      {isShown('attachments') && <Attachments base={base} other={other} />}
    </>
  );
}

/**
 * The tags of both sides, with a sign at those that came or went.
 */
function Tags(props: {
  base: readonly string[];
  other: readonly string[];
}): JSX.Element {
  const { trans } = useMLOps();
  const { base, other } = props;
  const all = [...new Set([...base, ...other])].sort();
  return (
    <p className="jp-MLOpsCells-tags">
      {trans.__('Tags:')}
      {all.map(tag =>
        !base.includes(tag) ? (
          <ins key={tag} title={trans.__('added')}>
            <Chip>+ {tag}</Chip>
          </ins>
        ) : !other.includes(tag) ? (
          <del key={tag} title={trans.__('removed')}>
            <Chip>− {tag}</Chip>
          </del>
        ) : (
          <Chip key={tag}>{tag}</Chip>
        )
      )}
    </p>
  );
}

/**
 * Metadata as text, in the order of their names.
 */
function textOf(metadata: StoredCell['metadata']): string {
  const members = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(members), null, 2);
}
