import * as React from 'react';

import type { Environment, Manifest } from '../../api/types';
import { because, notifying } from '../../commands/notify';
import { CodeBlock } from '../../components/CodeBlock';
import { download } from '../../components/download';
import { formatBytes } from '../../components/size';
import { useMLOps } from '../../hooks/context';
import { Seeds } from './Seeds';

/**
 * The interpreter, the machine and the packages.
 */
export function EnvironmentView(props: {
  environment: Environment | null;
  manifest: Pick<Manifest, 'seeds' | 'seed_uses'>;
  snapshotId: string;
}): JSX.Element {
  const { trans } = useMLOps();
  const { environment, manifest, snapshotId } = props;
  if (environment === null) {
    return (
      <>
        <p className="jp-MLOpsRun-hint">
          {trans.__(
            'Unknown: there was no live kernel to ask. Run the notebook, then take a snapshot.'
          )}
        </p>
        {Object.keys(manifest.seeds).length > 0 && (
          <Seeds manifest={manifest} />
        )}
      </>
    );
  }
  const { hardware } = environment;
  const gpus = [...(hardware.gpus ?? [])];
  // others than Python's kernels are not asked for them
  if (gpus.length === 0 && environment.language === 'python') {
    gpus.push(trans.__('none of NVIDIA found'));
  }
  const facts: [string, string][] = [
    [
      capitalized(environment.language),
      `${environment.language_version} (${environment.implementation})`
    ],
    [trans.__('Interpreter'), environment.executable],
    [trans.__('Platform'), environment.platform],
    [trans.__('Machine'), machineText(hardware)],
    ...gpus.map((gpu): [string, string] => [trans.__('GPU'), gpu])
  ];
  return (
    <>
      <dl className="jp-MLOpsFacts">
        {facts.map(([name, value], index) => (
          <React.Fragment key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
      </dl>
      {environment.lock && <LockButton snapshotId={snapshotId} />}
      <Seeds manifest={manifest} />
      <Packages packages={environment.packages} />
      {environment.session_info && (
        <CodeBlock
          label={trans.__('Session of R')}
          text={environment.session_info}
        />
      )}
    </>
  );
}

/**
 * Gives what an installer needs to build the environment again: `pylock.toml`, conda's list or `renv.lock`.
 */
function LockButton(props: { snapshotId: string }): JSX.Element {
  const { mlops, trans } = useMLOps();
  const save = () =>
    notifying(() => mlops.client.snapshotLock(props.snapshotId), {
      pending: trans.__('Reading the lock file…'),
      done: ({ file_name: name, text }) => {
        download(name, 'text/plain', text);
        return { message: trans.__('Downloaded %1', name) };
      },
      failed: reason =>
        because(trans, trans.__('The lock file cannot be read'), reason)
    });
  return (
    <button
      type="button"
      className="jp-Button jp-mod-styled jp-mod-reject"
      title={trans.__('What an installer needs to build it again')}
      onClick={() => void save()}
    >
      {trans.__('Download lock file')}
    </button>
  );
}

function Packages(props: Pick<Environment, 'packages'>): JSX.Element {
  const { trans } = useMLOps();
  const [filter, setFilter] = React.useState('');
  const wanted = filter.trim().toLowerCase();
  const shown = props.packages.filter(({ name }) =>
    name.toLowerCase().includes(wanted)
  );
  return (
    <section aria-label={trans.__('Packages')}>
      <h3>{trans._n('%1 package', '%1 packages', props.packages.length)}</h3>
      <input
        className="jp-mod-styled jp-MLOpsRun-filter"
        type="search"
        placeholder={trans.__('Filter packages')}
        aria-label={trans.__('Filter packages')}
        value={filter}
        onChange={event => setFilter(event.target.value)}
      />
      {shown.length === 0 && (
        <p className="jp-MLOpsRun-hint">
          {trans.__('No package has this in its name.')}
        </p>
      )}
      <table className="jp-MLOpsTable">
        <tbody>
          {shown.map(({ name, source, version }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{version}</td>
              <td>{source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/**
 * The kernel names its language in small letters.
 */
function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function machineText(hardware: Environment['hardware']): string {
  const { cpu_count: cpus, machine, memory_bytes: memory } = hardware;
  return [
    machine,
    ...(hardware.cpu_model ? [hardware.cpu_model] : []),
    ...(cpus === null ? [] : [`${cpus} CPU`]),
    ...(memory === null ? [] : [formatBytes(memory)])
  ].join(', ');
}
