import { historyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { CellRun, FileUse, SnapshotDetail } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { CopyButton } from '../../components/CopyButton';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { formatBytes } from '../../components/size';
import { useMLOps } from '../../hooks/context';
import { isTable, Profile } from './Profile';

const SHORT_DIGEST = 8;

/**
 * What the notebook read and wrote: files, folders, tables and URLs, and what the tables among the files hold.
 */
export function Data(props: { snapshot: SnapshotDetail }): JSX.Element {
  const { trans } = useMLOps();
  const { id, manifest } = props.snapshot;
  if (manifest.files.length === 0) {
    return (
      <p className="jp-MLOpsRun-hint">
        {trans.__(
          'No data was seen. It is seen in kernels that were started while jupyter-mlops was on.'
        )}
      </p>
    );
  }
  return (
    <div className="jp-MLOpsData">
      <table className="jp-MLOpsTable">
        <thead>
          <tr>
            <th scope="col">{trans.__('Data')}</th>
            <th scope="col">{trans.__('Use')}</th>
            <th scope="col">{trans.__('By')}</th>
            <th scope="col">{trans.__('Size')}</th>
            <th scope="col">{trans.__('Digest')}</th>
            <th scope="col">{trans.__('Kept')}</th>
          </tr>
        </thead>
        <tbody>
          {manifest.files.map((file, index) => (
            <Row
              key={index}
              cells={manifest.cells}
              file={file}
              index={index}
              snapshotId={id}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: {
  cells: readonly CellRun[];
  file: FileUse;
  index: number;
  snapshotId: string;
}): JSX.Element {
  const { trans } = useMLOps();
  const { cells, file, index, snapshotId } = props;
  const [isOpen, setOpen] = React.useState(false);
  const { digest, kind, mode, note, object_id: id } = file;
  const isContent = kind === 'file' || kind === 'folder';
  return (
    <>
      <tr data-lineage={`data:${file.path}`}>
        <td>
          <Name file={file} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />
        </td>
        <td>{mode === 'read' ? trans.__('read') : trans.__('written')}</td>
        <td>{origin(file, cells)}</td>
        <td className="jp-MLOpsData-size">
          <Size file={file} />
        </td>
        <td className="jp-MLOpsData-digest">
          {digest === null ? (
            '–'
          ) : (
            <>
              <code title={digest}>{digest.slice(0, SHORT_DIGEST)}</code>
              <CopyButton
                text={digest}
                label={trans.__('digest of %1', file.path)}
              />
              <VersionsButton path={file.path} />
            </>
          )}
        </td>
        <td>
          {id !== null && note === null
            ? trans.__('yes')
            : (note ?? (isContent ? trans.__('no') : '–'))}
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={6}>
            <Profile index={index} snapshotId={snapshotId} path={file.path} />
          </td>
        </tr>
      )}
    </>
  );
}

/**
 * Opens the versions that the data had, in this snapshot and in others.
 */
function VersionsButton({ path }: { path: string }): JSX.Element {
  const { commands, trans } = useMLOps();
  const name = trans.__('Versions of %1', path);
  return (
    <button
      type="button"
      className="jp-MLOpsIconButton"
      aria-label={name}
      title={name}
      onClick={() => void commands.execute(CommandIDs.openVersions, { path })}
    >
      <historyIcon.react tag="span" elementSize="normal" />
    </button>
  );
}

function Name(props: {
  file: FileUse;
  isOpen: boolean;
  onToggle: () => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { file, isOpen, onToggle } = props;
  if (!isTable(file)) {
    return (
      <span className="jp-MLOpsData-path">
        <MiddleEllipsis text={file.path} />
      </span>
    );
  }
  return (
    <button
      type="button"
      className="jp-MLOpsData-path jp-mod-link"
      aria-expanded={isOpen}
      aria-label={file.path}
      title={trans.__('%1\nShow what it holds', file.path)}
      onClick={onToggle}
    >
      <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span>
      <MiddleEllipsis text={file.path} title="" />
    </button>
  );
}

function Size({ file }: { file: FileUse }): JSX.Element {
  const { trans } = useMLOps();
  const { count, kind, size } = file;
  if (kind === 'table' || kind === 'url') {
    return <>{kind === 'table' ? trans.__('table') : trans.__('URL')}</>;
  }
  return (
    <>
      {size === null ? '–' : formatBytes(size)}
      {count !== null && (
        <div className="jp-MLOpsRun-hint">
          {trans._n('%1 file', '%1 files', count)}
        </div>
      )}
    </>
  );
}

/**
 * The library and the cells, as the notebook numbered them: `pandas [2] [5]`.
 */
function origin(
  { cell_ids: cellIds = [], reader }: FileUse,
  cells: readonly CellRun[]
): string {
  const counts = new Map(
    cells.map(cell => [cell.cell_id, cell.execution_count])
  );
  const numbers = cellIds.map(id => `[${counts.get(id) ?? ' '}]`);
  return [...(reader === null ? [] : [reader]), ...numbers].join(' ') || '–';
}
