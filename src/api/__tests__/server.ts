import { ServerConnection } from '@jupyterlab/services';

const BASE_URL = 'http://localhost:8888/user/kim/';
const API = `${BASE_URL}api/mlops/`;

/**
 * A request as it went over the wire: the path below `/api/mlops/` is still percent-encoded.
 */
export interface ISent {
  request: string;
  query: Record<string, string>;
  body: unknown;
}

type Reply = (sent: ISent) => Response | Promise<Response>;

/**
 * The server part at the far end of `fetch`: answers as the test says, and remembers what it was asked.
 */
export class FakeServer {
  readonly sent: ISent[] = [];
  readonly settings = ServerConnection.makeSettings({
    baseUrl: BASE_URL,
    fetch: (input, init) => this._answer(new Request(input as Request, init)),
    // without it every address would get the time as a cache buster
    init: { cache: 'default', credentials: 'same-origin' }
  });

  /**
   * Requests as `GET models/churn`, in order.
   */
  get requests(): string[] {
    return this.sent.map(({ request }) => request);
  }

  on(request: string, reply: Reply | object): void {
    this._replies.set(
      request,
      typeof reply === 'function'
        ? (reply as Reply)
        : () => Response.json(reply)
    );
  }

  refuse(request: string, status: number, message: string): void {
    const body = { message, code: 'refused', details: {} };
    this.on(request, () => Response.json(body, { status }));
  }

  private async _answer(request: Request): Promise<Response> {
    const { origin, pathname, searchParams } = new URL(request.url);
    const path = (origin + pathname).replace(API, '');
    const text = await request.text();
    const sent = {
      request: `${request.method} ${path}`,
      query: Object.fromEntries(searchParams),
      body: text ? JSON.parse(text) : null
    };
    this.sent.push(sent);
    const reply = this._replies.get(sent.request);
    const message = `Nothing answers ${sent.request}.`;
    return reply?.(sent) ?? Response.json({ message }, { status: 404 });
  }

  private _replies = new Map<string, Reply>();
}
