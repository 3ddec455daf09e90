import * as React from 'react';

import type { ITabTitle } from './title';

/**
 * The subject of the lineage of the whole project.
 */
export const EVERYTHING = '*';

/**
 * What the view of a main-area tab is given; `onTitle` is told how the tab is called.
 */
export interface IViewProps {
  subject: string;
  version?: number;
  onTitle: (title: ITabTitle) => void;
}

export const RunTab = React.lazy(async () => {
  const { RunTab: Tab } = await import('./run/RunTab');
  return {
    default: ({ onTitle, subject }: IViewProps) => (
      <Tab runId={subject} onTitle={onTitle} />
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
