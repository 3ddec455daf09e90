import * as React from 'react';

import type { Run, SnapshotDetail } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { openNotebook } from '../../commands/openNotebook';
import { Curves } from '../../components/charts/Curves';
import { CopyButton } from '../../components/CopyButton';
import { GradeDot } from '../../components/GradeDot';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { RelativeTime } from '../../components/RelativeTime';
import { RunMark, runWord } from '../../components/RunMark';
import { StateView } from '../../components/StateView';
import { Tabs } from '../../components/Tabs';
import { useChangeCount } from '../../hooks/changes';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { snapshotBefore } from '../../services/before';
import { jupyterPath } from '../../services/paths';
import { isHeadless } from '../../services/underway';
import { Timeline } from '../history/Timeline';
import { originWord } from '../history/words';
import type { ITabTitle } from '../title';
import { runTitle } from '../title';
import { LineagePart } from '../lineage/LineagePart';
import { Code } from './Code';
import { Data } from './Data';
import { EnvironmentView } from './EnvironmentView';
import { NotebookView } from './NotebookView';
import { Overview } from './Overview';
import { RerunButtons } from './RerunButtons';
import { Underway } from './Underway';

const SHORT_ID = 8;

interface IDetail {
  run: Run;
  snapshot: SnapshotDetail | null;
}

/**
 * A run with all that its snapshot keeps. `onTitle` is told how its tab is called.
 */
export function RunTab(props: {
  runId: string;
  onTitle?: (title: ITabTitle) => void;
}): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { client } = mlops;
  const { onTitle, runId } = props;
  const changes = useChangeCount('tracking', runId);
  const { data, ...request } = useRequest(async (): Promise<IDetail> => {
    const run = await client.run(runId);
    const id = run.snapshot_id;
    return { run, snapshot: id === null ? null : await client.snapshot(id) };
  }, [runId, changes]);
  React.useEffect(() => {
    if (data) {
      onTitle?.(runTitle(data.run, trans));
    }
  }, [data]);
  return (
    <StateView {...request} isEmpty={data === null}>
      {data && (
        <div className="jp-MLOpsRun">
          <Header {...data} />
          <Failure run={data.run} />
          <Details {...data} />
        </div>
      )}
    </StateView>
  );
}

function Header({ run, snapshot }: IDetail): JSX.Element {
  const { commands, trans } = useMLOps();
  const { author, name, notebook_path: path, run_id: runId } = run;
  const hasModels = snapshot?.manifest.models.some(
    model => model.object_id !== null
  );
  return (
    <div className="jp-MLOpsRun-header">
      <h2>
        <MiddleEllipsis text={name} title={path ?? name} />
      </h2>
      {run.status === 'FINISHED' ? (
        <GradeDot grade={run.grade} label />
      ) : (
        <span>
          <RunMark run={run} /> {runWord(run, trans)}
        </span>
      )}
      <Underway run={run} />
      <span className="jp-MLOpsRun-origin">
        <RelativeTime value={run.started_at} /> {trans.__('by %1', author)}
        {snapshot && ` · ${originWord(snapshot.origin, trans)}`}
        {snapshot && (
          <span>
            {trans.__('snapshot')}{' '}
            <code title={snapshot.id}>{snapshot.id.slice(0, SHORT_ID)}</code>
            <CopyButton text={snapshot.id} label={trans.__('snapshot id')} />
          </span>
        )}
      </span>
      <span className="jp-MLOpsRun-buttons">
        <OpenNotebook path={path} />
        {snapshot && <RerunButtons snapshotId={snapshot.id} />}
        {snapshot && snapshotBefore(snapshot) !== null && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-reject"
            title={trans.__(
              'Compare with the snapshot that the notebook had before'
            )}
            onClick={() =>
              void commands.execute(CommandIDs.comparePrevious, { runId })
            }
          >
            {trans.__('Compare with previous')}
          </button>
        )}
        {snapshot && path !== null && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-reject"
            title={trans.__(
              'What have I changed since? Compare with the notebook as it is now'
            )}
            onClick={() =>
              void commands.execute(CommandIDs.compareNow, { runId })
            }
          >
            {trans.__('Compare with notebook now')}
          </button>
        )}
        {hasModels && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-accept"
            onClick={() =>
              void commands.execute(CommandIDs.registerModel, { runId })
            }
          >
            {trans.__('Register model')}
          </button>
        )}
        {run.lifecycle_stage === 'active' && !isHeadless(run) && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-reject"
            onClick={() =>
              void commands.execute(CommandIDs.deleteRun, { runId })
            }
          >
            {trans.__('Delete')}
          </button>
        )}
      </span>
      {run.lifecycle_stage === 'deleted' && (
        <p>{trans.__('This run was deleted.')}</p>
      )}
    </div>
  );
}

/**
 * Opens the notebook as it is now, where Jupyter can show it.
 */
function OpenNotebook({ path }: { path: string | null }): JSX.Element | null {
  const { commands, mlops, trans } = useMLOps();
  const { data: status } = useRequest(() => mlops.client.status(), []);
  return status && path !== null && jupyterPath(status, path) ? (
    <button
      type="button"
      className="jp-Button jp-mod-styled jp-mod-reject"
      onClick={() => void openNotebook(mlops, commands, path)}
    >
      {trans.__('Open notebook')}
    </button>
  ) : null;
}

function Failure({ run }: { run: Run }): JSX.Element | null {
  const { trans } = useMLOps();
  const { error } = run;
  if (error === null) {
    return null;
  }
  return (
    <div className="jp-MLOpsRun-failure" role="alert">
      {error.cell_index !== null && (
        <b>{trans.__('Cell %1', error.cell_index + 1)}</b>
      )}{' '}
      {run.status === 'KILLED' ? (
        error.message
      ) : (
        <code>{`${error.name}: ${error.message}`}</code>
      )}
    </div>
  );
}

function Details({ run, snapshot }: IDetail): JSX.Element {
  const { trans } = useMLOps();
  const [shown, show] = React.useState<{
    id: string;
    cell: number | string;
  } | null>(null);
  const openCell = (cell: number | string) => show({ id: 'notebook', cell });
  const overview = {
    id: 'overview',
    title: trans.__('Overview'),
    render: () => <Overview run={run} snapshot={snapshot} openCell={openCell} />
  };
  const runs = React.useMemo(() => [run], [run]);
  const curves = {
    id: 'curves',
    title: trans.__('Curves'),
    render: () => <Curves runs={runs} />
  };
  const parts = snapshot && [
    {
      id: 'notebook',
      title: trans.__('Notebook'),
      render: () => (
        <NotebookView
          snapshotId={snapshot.id}
          runs={snapshot.manifest.cells}
          cell={shown?.cell}
        />
      )
    },
    {
      id: 'data',
      title: trans.__('Data'),
      render: () => <Data snapshot={snapshot} />
    },
    {
      id: 'lineage',
      title: trans.__('Lineage'),
      render: () => <LineagePart snapshotId={snapshot.id} />
    },
    {
      id: 'environment',
      title: trans.__('Environment'),
      render: () => (
        <EnvironmentView
          environment={snapshot.manifest.environment}
          manifest={snapshot.manifest}
          snapshotId={snapshot.id}
        />
      )
    },
    {
      id: 'code',
      title: trans.__('Code'),
      render: () => <Code manifest={snapshot.manifest} />
    },
    {
      id: 'history',
      title: trans.__('History'),
      render: () => <Timeline path={run.notebook_path} current={run.run_id} />
    }
  ];
  return (
    <Tabs
      label={trans.__('Run %1', run.name)}
      tabs={[overview, curves, ...(parts ?? [])]}
      shown={shown}
    />
  );
}
