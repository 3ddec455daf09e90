import { ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import { FakeServer } from '../api/__tests__/server';
import type { IMLOpsContext } from '../hooks/context';
import { MLOpsContext } from '../hooks/context';
import { createMLOps, trans } from './mlops';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

// of the event loop: a poll and its answer take two, the rest is for slow machines
const TURNS = 8;

const shown = new Set<Widget>();

afterEach(() => {
  React.act(() => shown.forEach(widget => widget.dispose()));
  shown.clear();
});

/**
 * A view on the page, in the context that JupyterLab would give it.
 */
class Stage extends ReactWidget {
  constructor(context: Partial<IMLOpsContext>) {
    super();
    // the parts of JupyterLab that draw notebooks and edit text are left out
    this._context = {
      mlops: createMLOps(new FakeServer()),
      commands: new CommandRegistry(),
      trans,
      ...context
    } as IMLOpsContext;
  }

  showView(view: JSX.Element): void {
    this._view = view;
    MessageLoop.sendMessage(this, Widget.Msg.UpdateRequest);
  }

  protected render(): JSX.Element {
    return (
      <MLOpsContext.Provider value={this._context}>
        {this._view}
      </MLOpsContext.Provider>
    );
  }

  private _context: IMLOpsContext;
  private _view: JSX.Element | null = null;
}

export interface IRendered {
  node: HTMLElement;
  rerender: (view: JSX.Element) => void;
  unmount: () => void;
}

/**
 * Draws the view, until the test ends.
 */
export function render(
  view: JSX.Element,
  context: Partial<IMLOpsContext> = {}
): IRendered {
  const stage = new Stage(context);
  const rerender = (next: JSX.Element) => React.act(() => stage.showView(next));
  const unmount = () => React.act(() => stage.dispose());
  shown.add(stage);
  React.act(() => Widget.attach(stage, document.body));
  rerender(view);
  return { node: stage.node, rerender, unmount };
}

/**
 * Lets the page do what it has to do: begin a poll, read the answer, draw it, and so on with what is drawn then.
 */
export async function settle(action: () => void = () => undefined) {
  React.act(action);
  for (let turn = 0; turn < TURNS; turn++) {
    await React.act(() => new Promise<void>(later => setTimeout(later)));
  }
}

/**
 * The one element that fits the selector and, if a name is given, has it as text or as accessible name.
 */
export function find<T extends HTMLElement>(
  root: HTMLElement,
  selector: string,
  name?: string
): T {
  const found = [...root.querySelectorAll<T>(selector)].filter(
    node =>
      name === undefined ||
      node.textContent === name ||
      node.getAttribute('aria-label') === name
  );
  if (found.length !== 1) {
    const what = `${selector} ${name ?? ''}`.trim();
    throw new Error(`${found.length} of ${what} in:\n${root.innerHTML}`);
  }
  return found[0];
}

export function click(node: HTMLElement): void {
  React.act(() => node.click());
}

export function press(node: Element, key: string, init = {}): KeyboardEvent {
  const options = { key, bubbles: true, cancelable: true, ...init };
  const event = new KeyboardEvent('keydown', options);
  React.act(() => void node.dispatchEvent(event));
  return event;
}

/**
 * Types a text or chooses an option, as React sees it.
 */
export function enter(
  node: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement,
  value: string
): void {
  const { prototype } = node.constructor as typeof HTMLInputElement;
  const property = Object.getOwnPropertyDescriptor(prototype, 'value');
  const isSelect = node instanceof HTMLSelectElement;
  React.act(() => {
    property?.set?.call(node, value);
    node.dispatchEvent(
      new Event(isSelect ? 'change' : 'input', { bubbles: true })
    );
  });
}
