import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import * as React from 'react';

import {
  describeArgs,
  IS_CONTEXT_MENU,
  NAME,
  NUMBER,
  subjectFinder
} from '../commands/args';
import { CommandIDs } from '../commands/ids';
import type { IMLOpsContext } from '../hooks/context';
import { deployIcon, registerIcon, snapshotIcon } from '../icons';
import { TabBody } from '../tabs/body';
import { IMLOps } from '../tokens';

/**
 * A kind of main-area tab: one tab for each subject.
 */
interface IKind {
  command: string;
  label: string;
  icon: LabIcon;
  argument: 'runId' | 'name';
  attribute: 'runId' | 'model' | 'deployment';
  View: React.ComponentType<IViewProps>;
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

/**
 * The tabs of runs, models and deployments, which come back after a reload.
 */
export const tabs: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-mlops:tabs',
  description: 'Opens runs, models and deployments in the main area.',
  autoStart: true,
  requires: [IMLOps, IEditorServices, IRenderMimeRegistry],
  optional: [ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    editorServices: IEditorServices,
    rendermime: IRenderMimeRegistry,
    restorer: ILayoutRestorer | null
  ) => {
    const { commands } = app;
    const { trans } = mlops;
    const context = { mlops, commands, editorServices, rendermime, trans };
    for (const kind of kinds(mlops)) {
      addKind(app, context, restorer, kind);
    }
  }
};

function kinds({ trans }: IMLOps): IKind[] {
  return [
    {
      command: CommandIDs.openRun,
      label: trans.__('Open Run'),
      icon: snapshotIcon,
      argument: 'runId',
      attribute: 'runId',
      View: RunTab
    },
    {
      command: CommandIDs.openModel,
      label: trans.__('Open Model'),
      icon: registerIcon,
      argument: 'name',
      attribute: 'model',
      View: ModelTab
    },
    {
      command: CommandIDs.openDeployment,
      label: trans.__('Open Deployment'),
      icon: deployIcon,
      argument: 'name',
      attribute: 'deployment',
      View: DeploymentTab
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
  const { argument, attribute, command, label, View } = kind;
  const subjectOf = subjectFinder(app, argument, attribute);
  const tracker = new WidgetTracker<MainAreaWidget<TabBody>>({
    // the state database takes what follows a colon for the subject
    namespace: command.replace(':', '-')
  });
  commands.addCommand(command, {
    label,
    execute: args => {
      const subject = subjectOf(args);
      if (!subject) {
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
    describedBy: describeArgs({
      [argument]: NAME,
      version: NUMBER,
      isContextMenu: IS_CONTEXT_MENU
    })
  });
  void restorer?.restore(tracker, {
    command,
    args: ({ content }) => ({ [argument]: content.subject }),
    name: ({ content }) => content.subject
  });
}

function createTab(
  context: IMLOpsContext,
  { command, icon }: IKind,
  subject: string
): MainAreaWidget<TabBody> {
  const content = new TabBody(context, subject);
  const widget = new MainAreaWidget({ content });
  widget.id = `${command}:${subject}`;
  widget.title.label = subject;
  widget.title.icon = icon;
  widget.title.closable = true;
  widget.toolbar.hide();
  return widget;
}

function versionOf({ version }: ReadonlyPartialJSONObject): number | undefined {
  return typeof version === 'number' ? version : undefined;
}
