import * as React from 'react';

import type { Run } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { formatDuration } from '../../components/duration';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { NumberCell } from '../../components/NumberCell';
import { RelativeTime } from '../../components/RelativeTime';
import { RunMark } from '../../components/RunMark';
import { useMLOps } from '../../hooks/context';
import { formatDelta, isDifferent, namesIn } from './difference';
import { durationOf } from '../runs/columns';

interface ITableProps {
  runs: readonly Run[];

  /**
   * Leave out what is the same in all runs.
   */
  onlyDifferent: boolean;
}

/**
 * Runs side by side, the first one as the baseline that the others' metrics are measured against.
 */
export function CompareTable(
  props: ITableProps & { onBaseline: (run: Run) => void }
): JSX.Element {
  const { trans } = useMLOps();
  const { onBaseline, onlyDifferent, runs } = props;
  const choose = (pairsOf: (run: Run) => Record<string, unknown>) =>
    namesIn(runs, pairsOf).filter(
      name => !onlyDifferent || isDifferent(runs, pairsOf, name)
    );
  return (
    <div className="jp-MLOpsCompare-scroll" tabIndex={0}>
      <table className="jp-MLOpsTable jp-MLOpsCompare-table">
        <thead>
          <tr>
            <td />
            {runs.map((run, index) => (
              <Head
                key={run.run_id}
                run={run}
                isBaseline={index === 0}
                onBaseline={onBaseline}
              />
            ))}
          </tr>
        </thead>
        <Section
          title={trans.__('Metrics')}
          names={choose(run => run.metrics)}
          runs={runs}
          render={(run, name) => (
            <Metric run={run} name={name} baseline={runs[0]} />
          )}
        />
        <Section
          title={trans.__('Parameters')}
          names={choose(run => run.params)}
          runs={runs}
          render={(run, name) => run.params[name]}
        />
        <Facts runs={runs} />
      </table>
    </div>
  );
}

function Head(props: {
  run: Run;
  isBaseline: boolean;
  onBaseline: (run: Run) => void;
}): JSX.Element {
  const { commands, trans } = useMLOps();
  const { isBaseline, onBaseline, run } = props;
  const { name, run_id: runId } = run;
  return (
    <th scope="col">
      <RunMark run={run} />{' '}
      <button
        type="button"
        className="jp-MLOpsGrid-open"
        onClick={() => void commands.execute(CommandIDs.openRun, { runId })}
      >
        <MiddleEllipsis text={name} />
      </button>
      {isBaseline ? (
        <div className="jp-MLOpsCompare-baseline">{trans.__('Baseline')}</div>
      ) : (
        <button
          type="button"
          className="jp-Button jp-mod-styled jp-mod-minimal jp-MLOpsCompare-baseline"
          title={trans.__('Measure the others against %1', name)}
          onClick={() => onBaseline(run)}
        >
          {trans.__('Make baseline')}
        </button>
      )}
    </th>
  );
}

function Section(props: {
  title: string;
  names: readonly string[];
  runs: readonly Run[];
  render: (run: Run, name: string) => React.ReactNode;
}): JSX.Element | null {
  const { names, render, runs, title } = props;
  return names.length === 0 ? null : (
    <tbody>
      <tr>
        <th scope="rowgroup" className="jp-MLOpsCompare-section">
          {title}
        </th>
        {/* the line goes on below all runs */}
        <td colSpan={runs.length} />
      </tr>
      {names.map(name => (
        <tr key={name}>
          <th scope="row" title={name}>
            {name}
          </th>
          {runs.map(run => (
            <td key={run.run_id}>{render(run, name)}</td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function Metric(props: {
  run: Run;
  name: string;
  baseline: Run;
}): JSX.Element | null {
  const { baseline, name, run } = props;
  const { [name]: value } = run.metrics;
  const { [name]: base } = baseline.metrics;
  if (value === undefined) {
    return null;
  }
  const hasDelta =
    run !== baseline && typeof value === 'number' && typeof base === 'number';
  return (
    <>
      <NumberCell value={value} />
      {hasDelta && (
        <span className="jp-MLOpsCompare-delta" title={`${value - base}`}>
          {formatDelta(value - base)}
        </span>
      )}
    </>
  );
}

function Facts(props: { runs: readonly Run[] }): JSX.Element {
  const { trans } = useMLOps();
  const facts: Record<string, (run: Run) => React.ReactNode> = {
    [trans.__('Started')]: run => <RelativeTime value={run.started_at} />,
    [trans.__('Duration')]: run => {
      const duration = durationOf(run);
      return duration === null ? null : formatDuration(duration, trans);
    },
    [trans.__('Author')]: run => run.author,
    [trans.__('Notebook')]: run =>
      run.notebook_path && <MiddleEllipsis text={run.notebook_path} />
  };
  return (
    <Section
      title={trans.__('Run')}
      names={Object.keys(facts)}
      runs={props.runs}
      render={(run, name) => facts[name](run)}
    />
  );
}
