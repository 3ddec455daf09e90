import { Signal } from '@lumino/signaling';
import * as React from 'react';

import type { IRendered } from '../../../__tests__/render';
import { render } from '../../../__tests__/render';
import type { LiveExperiment } from '../../../api/types';
import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import type { INotebookContext } from '../../../hooks/notebook';
import { NotebookContext } from '../../../hooks/notebook';

/**
 * What is told of a notebook, without a server.
 */
export class FakeReading<T> {
  changed = new Signal<this, void>(this);
  phase = 'ready';
  error: string | null = null;
  data: T | null = null;
  refresh = jest.fn(async () => undefined);
}

export const NOTHING: LiveExperiment = {
  live: true,
  parameters: [],
  results: [],
  models: [],
  experiment_id: '0',
  experiment_name: 'Default'
};

/**
 * A notebook's metadata, and its active cell.
 */
export class FakePanel {
  metadata = new Map<string, unknown>();
  context = {
    model: {
      defaultKernelLanguage: 'python',
      getMetadata: (name: string) => this.metadata.get(name),
      setMetadata: (name: string, value: unknown) =>
        this.metadata.set(name, value),
      deleteMetadata: (name: string) => this.metadata.delete(name)
    }
  };
  content = { activeCell: null as unknown };
}

/**
 * Draws a section of the sidebar on what was found out.
 */
export function showBeside(
  View: React.ComponentType,
  found: Partial<LiveExperiment> | null,
  state: Partial<FakeReading<LiveExperiment>> = {},
  language = 'python'
): IRendered & {
  commands: FakeCommands;
  experiment: FakeReading<LiveExperiment>;
  panel: FakePanel;
} {
  const experiment = Object.assign(new FakeReading<LiveExperiment>(), {
    data: found && { ...NOTHING, ...found },
    ...state
  });
  const panel = new FakePanel();
  panel.context.model.defaultKernelLanguage = language;
  const notebook = {
    panel,
    path: 'a/train.ipynb',
    changed: new Signal<object, void>({})
  };
  const commands = new FakeCommands();
  const context = { experiment, notebook } as unknown as INotebookContext;
  const rendered = render(
    <NotebookContext.Provider value={context}>
      <View />
    </NotebookContext.Provider>,
    { commands }
  );
  return { ...rendered, commands, experiment, panel };
}
