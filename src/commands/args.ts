import type { JupyterFrontEnd } from '@jupyterlab/application';
import type {
  ReadonlyJSONObject,
  ReadonlyPartialJSONObject
} from '@lumino/coreutils';

type Args = ReadonlyPartialJSONObject;

/**
 * Finds what a command is about: in its arguments or, called from the context menu, in the row under the pointer.
 */
export type Subject = (args: Args) => string | null;

/**
 * Called from a context menu, `args.isContextMenu` is set. Without it the last clicked row would be taken for what is
 * meant long after its menu was closed.
 */
export function subjectFinder(
  app: JupyterFrontEnd,
  argument: string,
  attribute:
    'runId' | 'selectedRuns' | 'model' | 'deployment' | 'snapshotId' | 'lineage'
): Subject {
  return args => {
    const given = args[argument];
    if (typeof given === 'string' && given !== '') {
      return given;
    }
    if (!args.isContextMenu) {
      return null;
    }
    const hit = app.contextMenuHitTest(node => !!node.dataset[attribute]);
    return hit?.dataset[attribute] ?? null;
  };
}

/**
 * The names in an argument that may hold several.
 */
export function namesOf(argument: unknown): string[] {
  return Array.isArray(argument)
    ? argument.filter(name => typeof name === 'string')
    : [];
}

/**
 * `describedBy` of a command whose arguments are all optional.
 */
export function describeArgs(properties: ReadonlyJSONObject): {
  args: ReadonlyJSONObject;
} {
  return { args: { type: 'object', properties } };
}

export const NAME = { type: 'string' } as const;
export const NAMES = { type: 'array', items: NAME } as const;
export const NUMBER = { type: 'number' } as const;
export const IS_CONTEXT_MENU = {
  type: 'boolean',
  description: 'Whether to act on the row whose context menu is open.'
} as const;
