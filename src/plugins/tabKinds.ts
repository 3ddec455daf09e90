import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import type { LabIcon } from '@jupyterlab/ui-components';
import { historyIcon, tableRowsIcon } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { ComponentType } from 'react';

import {
  IS_CONTEXT_MENU,
  NAME,
  NAMES,
  namesOf,
  type Subject,
  subjectFinder
} from '../commands/args';
import { CommandIDs } from '../commands/ids';
import {
  compareIcon,
  dataIcon,
  deployIcon,
  lineageIcon,
  registerIcon,
  snapshotIcon
} from '../icons';
import type { ITabTitle } from '../tabs/title';
import * as views from '../tabs/views';
import type { IMLOps } from '../tokens';

/**
 * A kind of main-area tab: one tab for each subject.
 */
export interface IKind {
  command: string;
  label: string;
  icon: LabIcon;
  View: ComponentType<views.IViewProps>;

  /**
   * The tab's arguments other than the version, described.
   */
  args: ReadonlyJSONObject;
  subjectOf: Subject;
  argsOf: (subject: string) => ReadonlyJSONObject;

  /**
   * What the tab is called until its view says more.
   */
  titleOf: (subject: string) => ITabTitle;
}

/**
 * All kinds of main-area tabs.
 */
export function kinds(app: JupyterFrontEnd, { trans }: IMLOps): IKind[] {
  const named = (
    attribute: 'model' | 'deployment',
    titleOf: IKind['titleOf']
  ) => ({
    args: { name: NAME, isContextMenu: IS_CONTEXT_MENU },
    subjectOf: subjectFinder(app, 'name', attribute),
    argsOf: (name: string) => ({ name }),
    titleOf
  });
  const chosenRuns = subjectFinder(app, 'runIds', 'selectedRuns');
  const lineageOf = subjectFinder(app, 'node', 'lineage');
  const runOf = subjectFinder(app, 'runId', 'runId');
  const snapshotOf = subjectFinder(app, 'snapshotId', 'snapshotId');
  return [
    {
      command: CommandIDs.openRuns,
      label: trans.__('Open Runs Table'),
      icon: tableRowsIcon,
      View: views.RunsTab,
      args: {},
      subjectOf: () => 'runs',
      argsOf: () => ({}),
      titleOf: () => same(trans.__('Runs'))
    },
    {
      command: CommandIDs.compareRuns,
      label: trans.__('Compare Runs'),
      icon: compareIcon,
      View: views.CompareTab,
      args: { runIds: NAMES, isContextMenu: IS_CONTEXT_MENU },
      subjectOf: args => namesOf(args.runIds).join(',') || chosenRuns(args),
      argsOf: subject => ({ runIds: subject.split(',') }),
      titleOf: subject =>
        same(
          trans._n(
            'Compare %1 run',
            'Compare %1 runs',
            subject.split(',').length
          )
        )
    },
    {
      command: CommandIDs.openLineage,
      label: trans.__('Open Lineage'),
      icon: lineageIcon,
      View: views.LineageTab,
      args: { node: NAME, isContextMenu: IS_CONTEXT_MENU },
      subjectOf: args => lineageOf(args) ?? views.EVERYTHING,
      argsOf: subject => ({
        node: subject === views.EVERYTHING ? '' : subject
      }),
      titleOf: subject =>
        subject === views.EVERYTHING
          ? same(trans.__('Lineage'))
          : {
              label: trans.__('Lineage of %1', shortName(subject)),
              caption: trans.__('Lineage of %1', subject)
            }
    },
    {
      command: CommandIDs.openRun,
      label: trans.__('Open Run'),
      icon: snapshotIcon,
      View: views.RunTab,
      args: { runId: NAME, snapshotId: NAME, isContextMenu: IS_CONTEXT_MENU },
      subjectOf: args => {
        const snapshotId = snapshotOf(args);
        return snapshotId === null
          ? runOf(args)
          : views.snapshotSubject(snapshotId);
      },
      argsOf: subject => ({ ...views.runSubject(subject) }),
      titleOf: caption => ({ label: trans.__('Run'), caption })
    },
    {
      command: CommandIDs.openHistory,
      label: trans.__('Open Snapshots'),
      icon: historyIcon,
      View: views.HistoryTab,
      args: { path: NAME },
      subjectOf: ({ path }) => (typeof path === 'string' && path ? path : null),
      argsOf: path => ({ path }),
      titleOf: path => ({
        label: trans.__('Snapshots of %1', PathExt.basename(path)),
        caption: trans.__('Snapshots of %1', path)
      })
    },
    {
      command: CommandIDs.openVersions,
      label: trans.__('Versions of This Data'),
      icon: dataIcon,
      View: views.DataTab,
      args: { path: NAME, isContextMenu: IS_CONTEXT_MENU },
      subjectOf: args =>
        typeof args.path === 'string' && args.path
          ? args.path
          : dataPath(lineageOf(args)),
      argsOf: path => ({ path }),
      titleOf: path => ({
        label: trans.__('Versions of %1', shortName(path)),
        caption: trans.__('Versions of %1', path)
      })
    },
    {
      command: CommandIDs.openData,
      label: trans.__('Open Data'),
      icon: dataIcon,
      View: views.DataListTab,
      args: {},
      subjectOf: () => 'data',
      argsOf: () => ({}),
      titleOf: () => same(trans.__('Data'))
    },
    {
      command: CommandIDs.openStorage,
      label: trans.__('Open Storage'),
      icon: dataIcon,
      View: views.StorageTab,
      args: {},
      subjectOf: () => 'storage',
      argsOf: () => ({}),
      titleOf: () => same(trans.__('Storage'))
    },
    {
      command: CommandIDs.openModel,
      label: trans.__('Open Model'),
      icon: registerIcon,
      View: views.ModelTab,
      ...named('model', label => ({
        label,
        caption: trans.__('Model %1', label)
      }))
    },
    {
      command: CommandIDs.openDeployment,
      label: trans.__('Open Deployment'),
      icon: deployIcon,
      View: views.DeploymentTab,
      ...named('deployment', label => ({
        label,
        caption: trans.__('Deployment %1', label)
      }))
    }
  ];
}

function same(label: string): ITabTitle {
  return { label, caption: label };
}

/**
 * The path of data in a node's id.
 */
function dataPath(node: string | null): string | null {
  return /^data:(.+)/s.exec(node ?? '')?.[1] ?? null;
}

/**
 * The last name in a node's id, or in a path.
 */
function shortName(node: string): string {
  const name = node.slice(node.indexOf(':') + 1);
  return node.startsWith('version:') ? name : name.split('/').pop() || name;
}
