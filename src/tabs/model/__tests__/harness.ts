import type { Event as ServerEvent } from '@jupyterlab/services';
import { ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { FakeCommands } from '../../../commands/__tests__/fakeCommands';
import { MLOpsManager } from '../../../services/manager';
import type { IMLOpsContext } from '../../../hooks/context';
import { TabBody } from '../../body';

const PATIENCE_MS = 4_000;

export interface ISent {
  request: string;
  body: unknown;
}

/**
 * A tab on a server that answers from a table: `GET models/churn` → the reply's body, or an error's status and message.
 */
export class Harness {
  constructor(routes: Record<string, unknown>) {
    this.routes = routes;
    const trans = nullTranslator.load('jupyter_mlops');
    this.manager = new MLOpsManager({
      events: { stream: this._stream } as unknown as ServerEvent.IManager,
      serverSettings: ServerConnection.makeSettings({
        baseUrl: 'http://localhost:8888/',
        fetch: async (input, init) =>
          this._answer(new Request(input as Request, init))
      }),
      trans
    });
    // the parts of JupyterLab that draw notebooks and edit text are left out
    const context = { mlops: this.manager, commands: this._commands, trans };
    this.body = new TabBody(
      context as Partial<IMLOpsContext> as IMLOpsContext,
      'subject'
    );
    Widget.attach(this.body, document.body);
  }

  readonly body: TabBody;
  readonly manager: MLOpsManager;
  readonly routes: Record<string, unknown>;
  readonly sent: ISent[] = [];

  get executed(): FakeCommands['executed'] {
    return this._commands.executed;
  }

  get text(): string {
    return this.body.node.textContent ?? '';
  }

  /**
   * The element that fits the selector and has the text or the accessible name.
   */
  find<T extends HTMLElement>(selector: string, name?: string): T | null {
    const found = this.body.node.querySelectorAll<T>(selector);
    return (
      [...found].find(
        node =>
          name === undefined ||
          node.textContent === name ||
          node.getAttribute('aria-label') === name
      ) ?? null
    );
  }

  /**
   * Waits for it.
   */
  async see<T extends HTMLElement>(
    selector: string,
    name?: string
  ): Promise<T> {
    const seen = `${selector} ${name ?? ''}`;
    return until(() => this.find<T>(selector, name), seen);
  }

  async read(text: string): Promise<void> {
    await until(() => this.text.includes(text), text);
  }

  async click(name: string, selector = 'button'): Promise<void> {
    (await this.see(selector, name)).click();
  }

  /**
   * Types as React sees it.
   */
  type(area: HTMLTextAreaElement, text: string): void {
    const { prototype } = HTMLTextAreaElement;
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(area, text);
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }

  emit(room: string, action: string, id: string): void {
    const schema_id = `https://events.jupyter.org/jupyter_mlops/${room}/v1`;
    this._stream.emit({ schema_id, action, id });
  }

  dispose(): void {
    this.body.dispose();
    this.manager.dispose();
  }

  private async _answer(request: Request): Promise<Response> {
    const path = decodeURIComponent(new URL(request.url).pathname);
    const key = `${request.method} ${path.replace('/api/mlops/', '')}`;
    const text = await request.text();
    this.sent.push({ request: key, body: text ? JSON.parse(text) : null });
    const reply = this.routes[key];
    if (reply instanceof Refusal) {
      const { message, status } = reply;
      return Response.json({ message, code: 'refused' }, { status });
    }
    return reply === undefined
      ? Response.json({ message: `No route ${key}.` }, { status: 404 })
      : Response.json(reply);
  }

  private _commands = new FakeCommands();
  private _stream = new Signal<this, Record<string, string>>(this);
}

/**
 * What the server answers where it does not do as it is asked.
 */
export class Refusal {
  constructor(
    readonly status: number,
    readonly message: string
  ) {}
}

export async function until<T>(
  look: () => T | null | false,
  what: string
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = look();
    if (seen !== null && seen !== false) {
      return seen;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `Waited in vain for ${what}:\n${document.body.innerHTML}`
      );
    }
    await new Promise(later => setTimeout(later, 5));
  }
}
