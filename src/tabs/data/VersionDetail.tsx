import * as React from 'react';

import type { DataVersion } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { Columns } from '../run/Profile';
import { VersionUses } from './VersionUses';
import { isDescribed, shortDigest } from './words';

/**
 * What can be done with a version, the snapshots that used it, and what it holds if it is a table.
 */
export function VersionDetail(props: {
  path: string;
  version: DataVersion;
  isPresent: boolean;
}): JSX.Element {
  const { trans } = useMLOps();
  const { isPresent, path, version } = props;
  const name = shortDigest(version.digest);
  return (
    <section
      className="jp-MLOpsVersions-detail"
      aria-label={trans.__('Version %1 in detail', name)}
    >
      {version.kept && (
        <Actions path={path} version={version} isPresent={isPresent} />
      )}
      <VersionUses path={path} digest={version.digest} />
      {isDescribed(version, path) && (
        <VersionProfile path={path} digest={version.digest} />
      )}
    </section>
  );
}

/**
 * Versions of a file of the project can be put in its place; all that the store has can be copied.
 */
function Actions(props: {
  path: string;
  version: DataVersion;
  isPresent: boolean;
}): JSX.Element {
  const { trans } = useMLOps();
  const { isPresent, path, version } = props;
  const args = { path, version: version.digest };
  const isFile = version.kind === 'file' && !path.startsWith('/');
  return (
    <div className="jp-MLOpsVersions-actions">
      <Action
        command={CommandIDs.getData}
        args={args}
        label={trans.__('Write a copy…')}
      />
      {isFile && !isPresent && (
        <Action
          command={CommandIDs.restoreData}
          args={args}
          label={trans.__('Put in place…')}
        />
      )}
      <Action
        command={CommandIDs.eraseData}
        args={args}
        label={trans.__('Erase…')}
      />
    </div>
  );
}

function Action(props: {
  command: string;
  args: Record<string, string>;
  label: string;
}): JSX.Element {
  const { commands } = useMLOps();
  return (
    <button
      type="button"
      className="jp-Button jp-mod-styled jp-mod-reject"
      onClick={() => void commands.execute(props.command, props.args)}
    >
      {props.label}
    </button>
  );
}

function VersionProfile(props: { path: string; digest: string }): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { digest, path } = props;
  const { data, ...request } = useRequest(
    () => mlops.client.versionProfile(path, digest),
    [path, digest]
  );
  return (
    <section
      className="jp-MLOpsProfile"
      aria-label={trans.__('Profile of version %1', shortDigest(digest))}
      tabIndex={0}
    >
      <StateView {...request} isEmpty={data === null}>
        {data && <Columns profile={data} />}
      </StateView>
    </section>
  );
}
