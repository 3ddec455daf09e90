import { HTMLSelect } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { DataDiff, DataVersion, DataVersionList } from '../../api/types';
import { formatBytes } from '../../components/size';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { ProfileDiff } from './ProfileDiff';
import { isDescribed, shortDigest } from './words';

/**
 * What is different between two versions: at first the newest and the one before it.
 */
export function VersionDiff(props: {
  versions: DataVersionList;
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { items, path } = props.versions;
  const [chosen, choose] = React.useState<{ old?: string; newer?: string }>({});
  if (items.length < 2) {
    return null;
  }
  const named = (digest: string | undefined, instead: number) =>
    items.find(version => version.digest === digest) ?? items[instead];
  const newer = named(chosen.newer, 0);
  const old = named(chosen.old, 1);
  return (
    <section
      className="jp-MLOpsVersions-diff"
      aria-label={trans.__('What is different')}
    >
      <h3>{trans.__('What is different')}</h3>
      <div className="jp-MLOpsVersions-sides">
        <Side
          label={trans.__('From')}
          items={items}
          value={old}
          onChange={digest => choose({ ...chosen, old: digest })}
        />
        <Side
          label={trans.__('to')}
          items={items}
          value={newer}
          onChange={digest => choose({ ...chosen, newer: digest })}
        />
      </div>
      {old === newer ? (
        <p className="jp-MLOpsRun-hint">
          {trans.__('Both are the same version.')}
        </p>
      ) : (
        <Difference path={path} old={old} newer={newer} />
      )}
    </section>
  );
}

function Side(props: {
  label: string;
  items: readonly DataVersion[];
  value: DataVersion;
  onChange: (digest: string) => void;
}): JSX.Element {
  const { items, label, onChange, value } = props;
  return (
    <label>
      {label}{' '}
      <HTMLSelect
        value={value.digest}
        onChange={event => onChange(event.target.value)}
      >
        {items.map(({ digest, last_seen: seen }) => (
          <option key={digest} value={digest}>
            {`${shortDigest(digest)} · ${new Date(seen).toLocaleString()}`}
          </option>
        ))}
      </HTMLSelect>
    </label>
  );
}

function Difference(props: {
  path: string;
  old: DataVersion;
  newer: DataVersion;
}): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { newer, old, path } = props;
  const { data, ...request } = useRequest(
    () => mlops.client.dataDiff(path, old.digest, newer.digest),
    [path, old.digest, newer.digest]
  );
  const areTables = [old, newer].every(version => isDescribed(version, path));
  return (
    <>
      <StateView {...request} isEmpty={data === null}>
        {data && (
          <>
            <p>{sentence(data, old, newer, trans)}</p>
            {newer.kind === 'folder' && <Files diff={data} />}
          </>
        )}
      </StateView>
      {areTables && (
        <ProfileDiff path={path} old={old.digest} newer={newer.digest} />
      )}
    </>
  );
}

/**
 * Rows, columns and size in one line.
 */
function sentence(
  { added, changed, removed, table }: DataDiff,
  old: DataVersion,
  newer: DataVersion,
  trans: TranslationBundle
): string {
  const size = [old.size, newer.size]
    .map(bytes => (bytes === null ? '–' : formatBytes(bytes)))
    .join(' → ');
  const parts = [trans.__('size %1', size)];
  if (table) {
    const { rows_added: came, rows_removed: went } = table;
    const rows = [table.old_rows, table.new_rows]
      .map(count => count.toLocaleString())
      .join(' → ');
    parts.push(trans.__('rows %1', rows));
    if (came !== null && went !== null) {
      parts.push(
        trans.__(
          '%1 new, %2 gone',
          came.toLocaleString(),
          went.toLocaleString()
        )
      );
    }
    const { columns_added: more, columns_removed: fewer } = table;
    if (more.length > 0) {
      parts.push(
        trans._n(
          'column %2 added',
          'columns %2 added',
          more.length,
          named(more, trans)
        )
      );
    }
    if (fewer.length > 0) {
      parts.push(
        trans._n(
          'column %2 removed',
          'columns %2 removed',
          fewer.length,
          named(fewer, trans)
        )
      );
    }
  } else if (newer.kind === 'folder') {
    parts.push(
      trans.__(
        '%1 files added, %2 removed, %3 changed',
        added.toLocaleString(),
        removed.toLocaleString(),
        changed.toLocaleString()
      )
    );
  }
  return parts.join(' · ');
}

const MOST_NAMES = 5;

function named(names: readonly string[], trans: TranslationBundle): string {
  const first = names.slice(0, MOST_NAMES).join(', ');
  const rest = names.length - MOST_NAMES;
  return rest > 0
    ? trans._n('%2 and %1 more', '%2 and %1 more', rest, first)
    : first;
}

const SIGNS = { added: '+', removed: '−', changed: '≠' };
const MOST_FILES = 100;

/**
 * The files of a folder that came, went or changed.
 */
function Files({ diff }: { diff: DataDiff }): JSX.Element {
  const { trans } = useMLOps();
  const shown = diff.files.slice(0, MOST_FILES);
  const rest = diff.added + diff.removed + diff.changed - shown.length;
  return (
    <>
      <ul className="jp-MLOpsVersions-files" aria-label={trans.__('Files')}>
        {shown.map(({ change, new_size: now, old_size: before, path }) => (
          <li key={path}>
            <code>{`${SIGNS[change]} ${path}`}</code>{' '}
            <span className="jp-MLOpsRun-hint">
              {[before, now]
                .filter(size => size !== null)
                .map(formatBytes)
                .join(' → ')}
            </span>
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <p className="jp-MLOpsRun-hint">
          {trans._n('and %2 more', 'and %2 more', rest, rest.toLocaleString())}
        </p>
      )}
    </>
  );
}
