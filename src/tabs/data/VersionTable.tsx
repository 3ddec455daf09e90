import * as React from 'react';

import type { DataVersion, DataVersionList } from '../../api/types';
import { Chip } from '../../components/Chip';
import { CopyButton } from '../../components/CopyButton';
import { RelativeTime } from '../../components/RelativeTime';
import { formatBytes } from '../../components/size';
import { useMLOps } from '../../hooks/context';
import { VersionDetail } from './VersionDetail';
import { keptText, shortDigest } from './words';

/**
 * The versions, newest first; each opens for the snapshots that used it, and for what can be done with it.
 */
export function VersionTable(props: {
  versions: DataVersionList;
}): JSX.Element {
  const { trans } = useMLOps();
  const { items, path, present } = props.versions;
  return (
    <div className="jp-MLOpsVersions-table">
      <table className="jp-MLOpsTable" aria-label={trans.__('Versions')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Version')}</th>
            <th scope="col" className="jp-MLOpsNumber">
              {trans.__('Size')}
            </th>
            <th scope="col" className="jp-MLOpsNumber">
              {trans.__('Snapshots')}
            </th>
            <th scope="col">{trans.__('First seen')}</th>
            <th scope="col">{trans.__('Last seen')}</th>
            <th scope="col">{trans.__('Kept')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(version => (
            <Row
              key={version.digest}
              path={path}
              version={version}
              isPresent={version.digest === present?.digest}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: {
  path: string;
  version: DataVersion;
  isPresent: boolean;
}): JSX.Element {
  const { trans } = useMLOps();
  const { isPresent, path, version } = props;
  const [isOpen, setOpen] = React.useState(false);
  const { digest, size } = version;
  return (
    <>
      <tr>
        <th scope="row" className="jp-MLOpsVersions-name">
          <button
            type="button"
            className="jp-MLOpsData-path jp-mod-link"
            aria-expanded={isOpen}
            aria-label={trans.__('Version %1', shortDigest(digest))}
            title={trans.__('%1\nShow the snapshots that used it', digest)}
            onClick={() => setOpen(!isOpen)}
          >
            <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span>
            <code>{shortDigest(digest)}</code>
          </button>
          <CopyButton
            text={digest}
            label={trans.__('digest of version %1', shortDigest(digest))}
          />
          {isPresent && <Chip>{trans.__('in the project')}</Chip>}
        </th>
        <td className="jp-MLOpsNumber">
          {size === null ? '–' : formatBytes(size)}
        </td>
        <td className="jp-MLOpsNumber">{version.snapshots.toLocaleString()}</td>
        <td>
          <RelativeTime value={version.first_seen} />
        </td>
        <td>
          <RelativeTime value={version.last_seen} />
        </td>
        <td className={version.note ? 'jp-MLOpsVersions-note' : undefined}>
          {keptText(version, trans)}
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={6}>
            <VersionDetail
              path={path}
              version={version}
              isPresent={isPresent}
            />
          </td>
        </tr>
      )}
    </>
  );
}
