import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { paths } from './schema';

const BASE = 'api/mlops';
const NOT_FOUND = 404;
const CONFLICT = 409;

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';

type Routes = {
  [
    P in keyof paths as P extends `/${typeof BASE}/${infer Rest}` ? Rest : never
  ]: paths[P];
};

/**
 * A route of the server part, as its contract writes it.
 */
export type Path = keyof Routes;

/**
 * The verbs of a route.
 */
export type VerbOf<P extends Path> = {
  [V in Verb]: Routes[P][V] extends object ? V : never;
}[Verb];

/**
 * What stands for the parameters in a path, in their order.
 */
export type Values<P extends string> =
  P extends `${string}{${string}}${infer Rest}`
    ? [string | number, ...Values<Rest>]
    : [];

type InQuery<O> = O extends { parameters: { query?: infer T } }
  ? { query?: { [K in keyof T]: T[K] | null } }
  : unknown;

// what has a default may be left out
type InBody<O> = O extends {
  requestBody: { content: { 'application/json': infer T } };
}
  ? { body: Partial<T> }
  : unknown;

type QueryAndBody<O> = InQuery<O> & InBody<O>;

/**
 * The query and the body of a request, where it has any.
 */
export type Parts<P extends Path, V extends VerbOf<P>> =
  object extends QueryAndBody<Routes[P][V]>
    ? [parts?: QueryAndBody<Routes[P][V]>]
    : [parts: QueryAndBody<Routes[P][V]>];

type Answers<O> = O extends { responses: infer R } ? Omit<R, 'default'> : never;

type Content<A> = A extends { content: { 'application/json': infer T } }
  ? T
  : void;

/**
 * What comes back.
 */
export type Reply<P extends Path, V extends VerbOf<P>> = Content<
  Answers<Routes[P][V]>[keyof Answers<Routes[P][V]>]
>;

/**
 * Sends a request that is checked against the contract.
 */
export type Send = <P extends Path, V extends VerbOf<P>>(
  verb: V,
  path: P,
  values: Values<P>,
  ...parts: Parts<P, V>
) => Promise<Reply<P, V>>;

/**
 * Return what sends requests to a server.
 *
 * @param unreachable - what an error says where the server does not answer; by default what the browser says.
 */
export function sender(
  settings: ServerConnection.ISettings,
  unreachable?: string
): Send {
  return async (verb, path, values, ...[parts]) => {
    const { query = {}, body }: { query?: object; body?: object } = parts ?? {};
    const response = await ServerConnection.makeRequest(
      URLExt.join(settings.baseUrl, BASE, filled(path, values)) +
        queryString(query),
      {
        method: verb.toUpperCase(),
        body: body === undefined ? null : JSON.stringify(body)
      },
      settings
    ).catch(reason => {
      throw unreachable && reason instanceof ServerConnection.NetworkError
        ? new ServerConnection.NetworkError(new TypeError(unreachable))
        : reason;
    });
    if (!response.ok) {
      throw await ServerConnection.ResponseError.create(response);
    }
    return response.status === 204 ? undefined : await response.json();
  };
}

/**
 * What to tell the user about a failed request.
 */
export function errorMessage(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

/**
 * Whether the server answered that there is no such thing, or none any more.
 */
export function isNotFound(reason: unknown): boolean {
  return hasStatus(reason, NOT_FOUND);
}

/**
 * Whether the server answered that something has changed meanwhile.
 */
export function isConflict(reason: unknown): boolean {
  return hasStatus(reason, CONFLICT);
}

function hasStatus(reason: unknown, status: number): boolean {
  return (
    reason instanceof ServerConnection.ResponseError &&
    reason.response.status === status
  );
}

function filled(path: string, values: readonly (string | number)[]): string {
  const rest = [...values];
  return path.replace(/\{\w+\}/g, () => encodeURIComponent(rest.shift() ?? ''));
}

function queryString(query: object): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) {
      search.set(key, String(value));
    }
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}
