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
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import * as React from 'react';

import { describeArgs, NUMBER } from '../commands/args';
import { CommandIDs } from '../commands/ids';
import type { IMLOpsContext } from '../hooks/context';
import { TabBody } from '../tabs/body';
import type { ITabTitle } from '../tabs/title';
import { IMLOps } from '../tokens';
import { addToPalette } from './palette';
import { type IKind, kinds } from './tabKinds';

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
    IEditorLanguageRegistry,
    INotebookTracker
  ],
  activate: (
    app: JupyterFrontEnd,
    mlops: IMLOps,
    editorServices: IEditorServices,
    rendermime: IRenderMimeRegistry,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    palette: ICommandPalette | null,
    languages: IEditorLanguageRegistry | null,
    notebooks: INotebookTracker | null
  ) => {
    const { commands } = app;
    const { trans } = mlops;
    const context = {
      mlops,
      commands,
      editorServices,
      languages,
      notebooks,
      rendermime,
      state,
      trans
    };
    for (const kind of kinds(app, mlops)) {
      addKind(app, context, restorer, kind);
    }
    const { openData, openLineage, openRuns, openStorage } = CommandIDs;
    addToPalette(palette, mlops, [
      openRuns,
      openData,
      openLineage,
      openStorage
    ]);
  }
};

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
      const open =
        tracker.find(({ content }) => content.subject === subject) ??
        tracker.find(({ content }) => content.synonym === subject);
      // eslint-disable-next-line jupyter/require-disposable-transfer -- the shell's
      const tab = open ?? createTab(context, kind, subject);
      if (!open) {
        shell.add(tab, 'main', { type: 'MLOps' });
        void tracker.add(tab);
      }
      if (!open || version !== undefined) {
        const { content, title } = tab;
        const onTitle = (said: ITabTitle) => void Object.assign(title, said);
        content.showView(
          <View
            subject={subject}
            version={version}
            onTitle={onTitle}
            onSynonym={synonym => (content.synonym = synonym)}
          />
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
  Object.assign(widget.title, { ...titleOf(subject), icon, closable: true });
  widget.toolbar.hide();
  return widget;
}

function versionOf({ version }: ReadonlyPartialJSONObject): number | undefined {
  return typeof version === 'number' ? version : undefined;
}
