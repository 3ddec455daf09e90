import * as React from 'react';

import type { LineageNode, ModelVersion } from '../../api/types';
import { Chip } from '../../components/Chip';
import { RelativeTime } from '../../components/RelativeTime';
import { useMLOps } from '../../hooks/context';
import { useRovingList } from '../../hooks/roving';
import { useStale } from '../../hooks/stale';
import { lineageData, StaleMark, staleWords } from '../lineage/StaleMark';

/**
 * The versions of a model, of which one is shown.
 */
export function VersionList(props: {
  versions: readonly ModelVersion[];
  shown: number;
  onShow: (version: number) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { versions, shown, onShow } = props;
  const stale = useStale();
  const staleOf = ({ name, version }: ModelVersion) =>
    stale.version(name, version);
  const { listProps, rowProps } = useRovingList(versions.length, index =>
    onShow(versions[index].version)
  );
  return (
    <ul
      className="jp-MLOpsList jp-MLOpsModel-versions"
      aria-label={trans.__('Versions')}
      {...listProps}
    >
      {versions.map((version, index) => (
        <li
          key={version.version}
          className="jp-MLOpsRow jp-MLOpsModel-version"
          aria-label={[
            `v${version.version}`,
            ...version.aliases,
            staleWords(staleOf(version), trans)
          ]
            .filter(part => part !== '')
            .join(', ')}
          aria-current={version.version === shown ? 'true' : undefined}
          {...lineageData(
            staleOf(version),
            `version:${version.name}/${version.version}`
          )}
          {...rowProps(index)}
        >
          <VersionRow version={version} stale={staleOf(version)} />
        </li>
      ))}
    </ul>
  );
}

function VersionRow(props: {
  version: ModelVersion;
  stale: LineageNode | null;
}): JSX.Element {
  const { aliases, author, class_name, created_at, version } = props.version;
  return (
    <>
      <div className="jp-MLOpsRow-line">
        <strong>{`v${version}`}</strong>
        <span className="jp-MLOpsModel-aliases">
          {aliases.map(alias => (
            <Chip key={alias}>{`★${alias}`}</Chip>
          ))}
        </span>
        <RelativeTime value={created_at} style="narrow" />
      </div>
      <div className="jp-MLOpsRow-line jp-mod-second">
        <span className="jp-MLOpsRow-facts" title={class_name}>
          {class_name}
        </span>
        <span className="jp-MLOpsRow-author" title={author}>
          {author}
        </span>
      </div>
      <StaleMark node={props.stale} />
    </>
  );
}
