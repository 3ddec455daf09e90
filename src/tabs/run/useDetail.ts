import * as React from 'react';

import type { Run, SnapshotDetail } from '../../api/types';
import { useChangeCount } from '../../hooks/changes';
import { useMLOps } from '../../hooks/context';
import type { IRequest } from '../../hooks/request';
import { useRequest } from '../../hooks/request';

/**
 * What a tab is about: a run with its newest snapshot, or one snapshot, whatever its run did since.
 */
export type RunSubject = { runId: string } | { snapshotId: string };

export interface IDetail {
  run: Run;
  snapshot: SnapshotDetail | null;

  /**
   * Whether the run has another snapshot that is newer.
   */
  isEarlier: boolean;
}

/**
 * Reads a run and its snapshot, again when either has changed.
 */
export function useDetail(subject: RunSubject): IRequest<IDetail> {
  const { mlops } = useMLOps();
  const { client } = mlops;
  const [runId, setRunId] = React.useState(
    'runId' in subject ? subject.runId : ''
  );
  const snapshotId = 'snapshotId' in subject ? subject.snapshotId : null;
  const ofRun = useChangeCount('tracking', runId);
  const ofSnapshot = useChangeCount('snapshots', snapshotId ?? '');
  const request = useRequest(async (): Promise<IDetail> => {
    if (snapshotId !== null) {
      const snapshot = await client.snapshot(snapshotId);
      return detailOf(await client.run(snapshot.run_id), snapshot);
    }
    const run = await client.run(runId);
    const id = run.snapshot_id;
    return detailOf(run, id === null ? null : await client.snapshot(id));
  }, [ofRun, ofSnapshot]);
  const known = request.data?.run.run_id;
  React.useEffect(() => setRunId(known ?? runId), [known]);
  return request;
}

/**
 * A run as its snapshot found it. What was logged to it is there, too, unless it has a newer one.
 */
function detailOf(run: Run, snapshot: SnapshotDetail | null): IDetail {
  if (snapshot === null) {
    return { run, snapshot, isEarlier: false };
  }
  if (run.snapshot_id === snapshot.id) {
    return { run: asNewest(run, snapshot), snapshot, isEarlier: false };
  }
  const { error, metrics, parameters, status } = snapshot.manifest;
  return {
    run: {
      ...run,
      error,
      ended_at: null,
      grade: snapshot.grade,
      metrics,
      params: texts(parameters),
      started_at: snapshot.created_at,
      status
    },
    snapshot,
    isEarlier: true
  };
}

/**
 * A run without what other snapshots of it found: in its rows that stays, since what is there is not overwritten.
 */
function asNewest(run: Run, { manifest, others }: SnapshotDetail): Run {
  return others.length === 0
    ? run
    : {
        ...run,
        params: {
          ...texts(manifest.parameters),
          ...without(
            run.params,
            others.map(({ parameters }) => texts(parameters))
          )
        },
        metrics: {
          ...manifest.metrics,
          ...without(
            run.metrics,
            others.map(({ metrics }) => metrics)
          )
        }
      };
}

function without<T>(
  values: Record<string, T>,
  others: readonly Record<string, unknown>[]
): Record<string, T> {
  const isTheirs = ([name, value]: [string, T]) =>
    others.some(other => name in other && other[name] === value);
  return Object.fromEntries(
    Object.entries(values).filter(pair => !isTheirs(pair))
  );
}

function texts(parameters: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value)
    ])
  );
}
