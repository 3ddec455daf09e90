import * as React from 'react';

import type { Run } from '../../api/types';
import { Curves } from '../../components/charts/Curves';
import { StateView } from '../../components/StateView';
import { Tabs } from '../../components/Tabs';
import { useMLOps } from '../../hooks/context';
import { Timeline } from '../history/Timeline';
import type { ITabTitle } from '../title';
import { runTitle } from '../title';
import { LineagePart } from '../lineage/LineagePart';
import { Code } from './Code';
import { Data } from './Data';
import { EnvironmentView } from './EnvironmentView';
import { Header } from './Header';
import { NotebookView } from './NotebookView';
import { Overview } from './Overview';
import type { IDetail, RunSubject } from './useDetail';
import { useDetail } from './useDetail';

/**
 * A run with all that its snapshot keeps. `onTitle` is told how its tab is called, `onDetail` what it shows.
 */
export function RunTab(props: {
  subject: RunSubject;
  onTitle?: (title: ITabTitle) => void;
  onDetail?: (detail: IDetail) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { onDetail, onTitle, subject } = props;
  const { data, ...request } = useDetail(subject);
  React.useEffect(() => {
    if (data) {
      onTitle?.(runTitle(data.run, trans));
      onDetail?.(data);
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
      render: () => <Timeline path={run.notebook_path} current={snapshot.id} />
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
