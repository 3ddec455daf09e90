import * as React from 'react';

import type { ModelVersion } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { CopyButton } from '../../components/CopyButton';
import { RelativeTime } from '../../components/RelativeTime';
import { useMLOps } from '../../hooks/context';
import { CodeBlock } from '../../components/CodeBlock';
import { LineageLink } from '../lineage/LineageLink';
import { ColumnTable } from './ColumnTable';
import { formatJson } from '../../components/json';
import { columnsOf } from './signature';
import { formatBytes } from '../../components/size';

/**
 * All that is known of one version of a model.
 */
export function VersionView(props: { version: ModelVersion }): JSX.Element {
  const { trans } = useMLOps();
  const { version } = props;
  const { input_example: example, requirements } = version;
  return (
    <>
      <h3>{trans.__('Version %1', version.version)}</h3>
      {version.description && (
        <p className="jp-MLOpsModel-description">{version.description}</p>
      )}
      {version.object_id === null && (
        <p role="note">
          {trans.__(
            'The files of this version are elsewhere. To deploy it, register it from a run, a notebook or a folder here.'
          )}
        </p>
      )}
      <VersionFacts version={version} />
      <h3>{trans.__('Signature')}</h3>
      <Signature signature={version.signature} />
      {example === null ? (
        <p>{trans.__('This version has no input example.')}</p>
      ) : (
        <CodeBlock
          label={trans.__('Input example')}
          text={formatJson(example)}
        />
      )}
      {requirements.length > 0 && (
        <CodeBlock
          label={trans.__('Requirements')}
          text={`${requirements.join('\n')}\n`}
        />
      )}
    </>
  );
}

function VersionFacts(props: { version: ModelVersion }): JSX.Element {
  const { trans } = useMLOps();
  const { version } = props;
  const facts: [string, React.ReactNode][] = [
    [trans.__('Class'), version.class_name],
    [trans.__('Framework'), version.framework],
    [trans.__('Flavor'), version.flavor],
    [trans.__('Serialization'), version.serialization],
    [
      trans.__('Size'),
      version.object_id !== null && formatBytes(version.size_bytes)
    ],
    [trans.__('Source'), version.source],
    [trans.__('Registered'), <RelativeTime value={version.created_at} />],
    [trans.__('Author'), version.author],
    [trans.__('Notebook'), version.notebook_path],
    [trans.__('Variable'), version.variable],
    [
      trans.__('Snapshot'),
      version.snapshot_id && <SnapshotId id={version.snapshot_id} />
    ],
    [trans.__('Run'), version.run_id && <RunLink version={version} />],
    [
      trans.__('Lineage'),
      <LineageLink node={`version:${version.name}/${version.version}`} />
    ],
    [trans.__('Interpreter'), version.executable]
  ];
  return (
    <dl className="jp-MLOpsFacts">
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
    </dl>
  );
}

function SnapshotId(props: { id: string }): JSX.Element {
  const { trans } = useMLOps();
  return (
    <>
      <code title={props.id}>{props.id.slice(0, 8)}</code>
      <CopyButton text={props.id} label={trans.__('snapshot id')} />
    </>
  );
}

function RunLink({ version }: { version: ModelVersion }): JSX.Element {
  const { commands, trans } = useMLOps();
  const { run_id: runId, snapshot_id: snapshotId } = version;
  return (
    <button
      type="button"
      className="jp-Button jp-mod-styled jp-mod-minimal"
      onClick={() =>
        void commands.execute(CommandIDs.openRun, { runId, snapshotId })
      }
    >
      {trans.__('Open run')}
    </button>
  );
}

function Signature(props: {
  signature: ModelVersion['signature'];
}): JSX.Element {
  const { trans } = useMLOps();
  const { signature } = props;
  if (signature === null) {
    return (
      <p>
        {trans.__(
          'Unknown: the notebook held no data from which it could be read.'
        )}
      </p>
    );
  }
  return (
    <div className="jp-MLOpsModel-signature">
      <ColumnTable
        caption={trans.__('Inputs')}
        columns={columnsOf(signature, 'inputs')}
      />
      <ColumnTable
        caption={trans.__('Outputs')}
        columns={columnsOf(signature, 'outputs')}
      />
      <ColumnTable
        caption={trans.__('Parameters')}
        columns={columnsOf(signature, 'params')}
      />
    </div>
  );
}
