import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  MainAreaWidget,
  WidgetTracker
} from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { PathExt } from '@jupyterlab/coreutils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IStateDB } from '@jupyterlab/statedb';
import type { LabIcon } from '@jupyterlab/ui-components';
import { historyIcon, tableRowsIcon } from '@jupyterlab/ui-components';
import type {
  ReadonlyJSONObject,
  ReadonlyPartialJSONObject
} from '@lumino/coreutils';
import * as React from 'react';

import {
  describeArgs,
  IS_CONTEXT_MENU,
  NAME,
  NAMES,
  namesOf,
  NUMBER,
  type Subject,
  subjectFinder
} from '../commands/args';
import { CommandIDs } from '../commands/ids';
import type { IMLOpsContext } from '../hooks/context';
import {
  compareIcon,
  deployIcon,
  lineageIcon,
  registerIcon,
  snapshotIcon
} from '../icons';
import { TabBody } from '../tabs/body';
import { IMLOps } from '../tokens';
import { addToPalette } from './palette';

// the subject of the lineage of the whole project
const EVERYTHING = '*';

/**
 * A kind of main-area tab: one tab for each subject.
 */
interface IKind {
  command: string;
  label: string;
  icon: LabIcon;
  View: React.ComponentType<IViewProps>;

  /**
   * The tab's arguments other than the version, described.
   */
  args: ReadonlyJSONObject;
  subjectOf: Subject;
  argsOf: (subject: string) => ReadonlyJSONObject;

  /**
   * What the tab is called until its view says more.
   */
  titleOf: (subject: string) => string;
}

interface IViewProps {
  subject: string;
  version?: number;
  onName: (name: string) => void;
}

const RunTab = React.lazy(async () => {
  const { RunTab: Tab } = await import('../tabs/run/RunTab');
  return {
    default: ({ onName, subject }: IViewProps) => (
      <Tab runId={subject} onName={onName} />
    )
  };
});
const ModelTab = React.lazy(async () => {
  const { ModelTab: Tab } = await import('../tabs/model/ModelTab');
  return {
    default: ({ subject, version }: IViewProps) => (
      <Tab name={subject} version={version} />
    )
  };
});
const DeploymentTab = React.lazy(async () => {
  const { DeploymentTab: Tab } =
    await import('../tabs/deployment/DeploymentTab');
  return {
    default: ({ subject }: IViewProps) => <Tab name={subject} />
  };
});

const HistoryTab = React.lazy(async () => {
  const { HistoryTab: Tab } = await import('../tabs/history/HistoryTab');
  return {
    default: ({ onName, subject }: IViewProps) => (
      <Tab path={subject} onName={onName} />
    )
  };
});
const RunsTab = React.lazy(async () => {
  const { RunsTab: Tab } = await import('../tabs/runs/RunsTab');
  return { default: () => <Tab /> };
});
const CompareTab = React.lazy(async () => {
  const { CompareTab: Tab } = await import('../tabs/compare/CompareTab');
  return {
    default: ({ subject }: IViewProps) => <Tab runIds={subject.split(',')} />
  };
});

const LineageTab = React.lazy(async () => {
  const { LineageTab: Tab } = await import('../tabs/lineage/LineageTab');
  return {
    default: ({ subject }: IViewProps) => (
      <Tab node={subject === EVERYTHING ? null : subject} />
    )
  };
});

/**
 * The tabs of runs, models and deployments, which come back after a reload.
 */
export const tabs: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:tabs',
  description: 'Opens runs, models and deployments in the main area.',
  autoStart: true,
  requires: [IMLOps, IEditorServices, IRenderMimeRegistry],
  optional: [
    ILayoutRestorer,
    IStateDB,
    ICommandPalette,
    IEditorLanguageRegistry
  ],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    editorServices: IEditorServices,
    rendermime: IRenderMimeRegistry,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    palette: ICommandPalette | null,
    languages: IEditorLanguageRegistry | null
  ) => {
    const { commands } = app;
    const { trans } = mlops;
    const context = {
      mlops,
      commands,
      editorServices,
      languages,
      rendermime,
      state,
      trans
    };
    for (const kind of kinds(app, mlops)) {
      addKind(app, context, restorer, kind);
    }
    addToPalette(palette, mlops, [CommandIDs.openRuns, CommandIDs.openLineage]);
  }
};

function kinds(app: JupyterFrontEnd, { trans }: IMLOps): IKind[] {
  const named = (
    argument: 'runId' | 'name',
    attribute: 'runId' | 'model' | 'deployment'
  ) => ({
    args: { [argument]: NAME, isContextMenu: IS_CONTEXT_MENU },
    subjectOf: subjectFinder(app, argument, attribute),
    argsOf: (subject: string) => ({ [argument]: subject }),
    titleOf: (subject: string) => subject
  });
  const chosenRuns = subjectFinder(app, 'runIds', 'selectedRuns');
  const lineageOf = subjectFinder(app, 'node', 'lineage');
  return [
    {
      command: CommandIDs.openRuns,
      label: trans.__('Open Runs Table'),
      icon: tableRowsIcon,
      View: RunsTab,
      args: {},
      subjectOf: () => 'runs',
      argsOf: () => ({}),
      titleOf: () => trans.__('Runs')
    },
    {
      command: CommandIDs.compareRuns,
      label: trans.__('Compare Runs'),
      icon: compareIcon,
      View: CompareTab,
      args: { runIds: NAMES, isContextMenu: IS_CONTEXT_MENU },
      subjectOf: args => namesOf(args.runIds).join(',') || chosenRuns(args),
      argsOf: subject => ({ runIds: subject.split(',') }),
      titleOf: subject =>
        trans._n('Compare %1 run', 'Compare %1 runs', subject.split(',').length)
    },
    {
      command: CommandIDs.openLineage,
      label: trans.__('Open Lineage'),
      icon: lineageIcon,
      View: LineageTab,
      args: { node: NAME, isContextMenu: IS_CONTEXT_MENU },
      subjectOf: args => lineageOf(args) ?? EVERYTHING,
      argsOf: subject => ({ node: subject === EVERYTHING ? '' : subject }),
      titleOf: subject =>
        subject === EVERYTHING
          ? trans.__('Lineage')
          : trans.__('Lineage of %1', shortName(subject))
    },
    {
      command: CommandIDs.openRun,
      label: trans.__('Open Run'),
      icon: snapshotIcon,
      View: RunTab,
      ...named('runId', 'runId')
    },
    {
      command: CommandIDs.openHistory,
      label: trans.__('Open Snapshots'),
      icon: historyIcon,
      View: HistoryTab,
      args: { path: NAME },
      subjectOf: ({ path }) => (typeof path === 'string' && path ? path : null),
      argsOf: path => ({ path }),
      titleOf: path => trans.__('Snapshots of %1', PathExt.basename(path))
    },
    {
      command: CommandIDs.openModel,
      label: trans.__('Open Model'),
      icon: registerIcon,
      View: ModelTab,
      ...named('name', 'model')
    },
    {
      command: CommandIDs.openDeployment,
      label: trans.__('Open Deployment'),
      icon: deployIcon,
      View: DeploymentTab,
      ...named('name', 'deployment')
    }
  ];
}

function addKind(
  app: JupyterFrontEnd,
  context: IMLOpsContext,
  restorer: ILayoutRestorer | null,
  kind: IKind
): void {
  const { commands, shell } = app;
  const {
    args: described,
    argsOf,
    command,
    icon,
    label,
    subjectOf,
    View
  } = kind;
  const tracker = new WidgetTracker<MainAreaWidget<TabBody>>({
    // the state database takes what follows a colon for the subject
    namespace: command.replace(':', '-')
  });
  commands.addCommand(command, {
    label,
    caption: label,
    icon,
    execute: args => {
      const subject = subjectOf(args);
      if (subject === null) {
        return;
      }
      const version = versionOf(args);
      const open = tracker.find(({ content }) => content.subject === subject);
      // eslint-disable-next-line jupyter/require-disposable-transfer -- the shell's
      const tab = open ?? createTab(context, kind, subject);
      if (!open) {
        shell.add(tab, 'main', { type: 'MLOps' });
        void tracker.add(tab);
      }
      if (!open || version !== undefined) {
        const { title } = tab;
        const onName = (name: string) => void (title.label = name);
        tab.content.showView(
          <View subject={subject} version={version} onName={onName} />
        );
      }
      shell.activateById(tab.id);
    },
    describedBy: describeArgs({ ...described, version: NUMBER })
  });
  void restorer?.restore(tracker, {
    command,
    args: ({ content }) => argsOf(content.subject),
    name: ({ content }) => content.subject
  });
}

function createTab(
  context: IMLOpsContext,
  { command, icon, titleOf }: IKind,
  subject: string
): MainAreaWidget<TabBody> {
  const content = new TabBody(context, subject);
  const widget = new MainAreaWidget({ content });
  widget.id = `${command}:${subject}`;
  widget.title.label = titleOf(subject);
  widget.title.icon = icon;
  widget.title.closable = true;
  widget.toolbar.hide();
  return widget;
}

function versionOf({ version }: ReadonlyPartialJSONObject): number | undefined {
  return typeof version === 'number' ? version : undefined;
}

/**
 * The last name in a node's id.
 */
function shortName(node: string): string {
  const name = node.slice(node.indexOf(':') + 1);
  return node.startsWith('version:') ? name : name.split('/').pop() || name;
}
