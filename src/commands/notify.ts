import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { errorMessage } from '../api/request';

const SHOWN_MS = 8_000;

// until then JupyterLab may not have drawn a notification, and loses what is changed of it
const DRAWN_MS = 500;
const told = new Map<string, object>();

/**
 * What an action says when it is done.
 */
export interface IOutcome {
  message: string;
  actions?: Notification.IAction[];
  type?: 'success' | 'warning';
}

/**
 * Runs an action under one notification: what is being done, then what came of it.
 *
 * A failure is told and not thrown on, so that a command told to the user is not told again to the console.
 *
 * @returns what the action returned, or `null` if it failed.
 */
export async function notifying<T>(
  action: () => Promise<T>,
  messages: {
    pending: string;
    done: (result: T) => IOutcome;
    failed: (reason: string) => string;
  }
): Promise<T | null> {
  const id = Notification.emit(messages.pending, 'in-progress', {
    autoClose: false
  });
  try {
    const result = await action();
    const { message, actions, type = 'success' } = messages.done(result);
    tell(id, message, type, SHOWN_MS, actions);
    return result;
  } catch (reason) {
    tell(id, messages.failed(errorMessage(reason)), 'error', false);
    return null;
  }
}

/**
 * Says why nothing was done.
 */
export function refuse(message: string): null {
  Notification.warning(message, { autoClose: SHOWN_MS });
  return null;
}

/**
 * "Not done: reason", with the reason's own full stop.
 */
export function because(
  trans: TranslationBundle,
  what: string,
  reason: string
): string {
  return trans.__('%1: %2', what, reason);
}

/**
 * Changes a notification, or shows a new one if it was closed.
 */
export function tell(
  id: string,
  message: string,
  type: Notification.TypeOptions,
  autoClose: number | false,
  actions: Notification.IAction[] = []
): void {
  const change = { id, message, type, autoClose, actions };
  if (!Notification.update(change)) {
    Notification.emit(message, type, { autoClose, actions });
    return;
  }
  told.set(id, change);
  window.setTimeout(() => {
    if (told.get(id) === change) {
      told.delete(id);
      Notification.update(change);
    }
  }, DRAWN_MS);
}
