import * as React from 'react';

import type { RunSubject } from './run/useDetail';
import type { ITabTitle } from './title';

/**
 * The subject of the lineage of the whole project.
 */
export const EVERYTHING = '*';

const SNAPSHOT = 'snapshot:';

/**
 * What the view of a main-area tab is given; `onTitle` is told how the tab is called.
 */
export interface IViewProps {
  subject: string;
  version?: number;
  onTitle: (title: ITabTitle) => void;

  /**
   * Told what else may be meant by what is shown, `null` if nothing.
   */
  onSynonym?: (subject: string | null) => void;
}

/**
 * The subject of a tab that shows a snapshot, whatever its run does since.
 */
export function snapshotSubject(snapshotId: string): string {
  return `${SNAPSHOT}${snapshotId}`;
}

export function runSubject(subject: string): RunSubject {
  return subject.startsWith(SNAPSHOT)
    ? { snapshotId: subject.slice(SNAPSHOT.length) }
    : { runId: subject };
}

export const RunTab = React.lazy(async () => {
  const { RunTab: Tab } = await import('./run/RunTab');
  return {
    default: ({ onSynonym, onTitle, subject }: IViewProps) => (
      <Tab
        subject={runSubject(subject)}
        onTitle={onTitle}
        onDetail={({ isEarlier, run, snapshot }) => {
          // a run shows its newest snapshot
          const names = snapshot
            ? [run.run_id, snapshotSubject(snapshot.id)]
            : [];
          const other = names.find(name => name !== subject) ?? null;
          onSynonym?.(isEarlier ? null : other);
        }}
      />
    )
  };
});

export const ModelTab = React.lazy(async () => {
  const { ModelTab: Tab } = await import('./model/ModelTab');
  return {
    default: ({ subject, version }: IViewProps) => (
      <Tab name={subject} version={version} />
    )
  };
});

export const DeploymentTab = React.lazy(async () => {
  const { DeploymentTab: Tab } = await import('./deployment/DeploymentTab');
  return {
    default: ({ subject }: IViewProps) => <Tab name={subject} />
  };
});

export const HistoryTab = React.lazy(async () => {
  const { HistoryTab: Tab } = await import('./history/HistoryTab');
  return {
    default: ({ subject }: IViewProps) => <Tab path={subject} />
  };
});

export const DataTab = React.lazy(async () => {
  const { DataTab: Tab } = await import('./data/DataTab');
  return {
    default: ({ subject }: IViewProps) => <Tab path={subject} />
  };
});

export const DataListTab = React.lazy(async () => {
  const { DataListTab: Tab } = await import('./data/DataListTab');
  return { default: () => <Tab /> };
});

export const StorageTab = React.lazy(async () => {
  const { StorageTab: Tab } = await import('./storage/StorageTab');
  return { default: () => <Tab /> };
});

export const RunsTab = React.lazy(async () => {
  const { RunsTab: Tab } = await import('./runs/RunsTab');
  return { default: () => <Tab /> };
});

export const CompareTab = React.lazy(async () => {
  const { CompareTab: Tab } = await import('./compare/CompareTab');
  return {
    default: ({ onTitle, subject }: IViewProps) => (
      <Tab runIds={subject.split(',')} onTitle={onTitle} />
    )
  };
});

export const LineageTab = React.lazy(async () => {
  const { LineageTab: Tab } = await import('./lineage/LineageTab');
  return {
    default: ({ subject }: IViewProps) => (
      <Tab node={subject === EVERYTHING ? null : subject} />
    )
  };
});
