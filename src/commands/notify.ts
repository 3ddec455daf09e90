import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { errorMessage } from '../api/request';

const SHOWN_MS = 8_000;

// JupyterLab loses what is changed of a notification before it is drawn, which may take a while: it
// first loads what draws them
const LOOK_MS = 500;
const LOOKS = 120;
const told = new Map<string, Change>();

type Change = Parameters<typeof Notification.update>[0] & { id: string };

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

    /**
     * What is offered after a failure.
     */
    again?: Notification.IAction;
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
    const { again, failed } = messages;
    const actions = again ? [again] : [];
    tell(id, failed(errorMessage(reason)), 'error', false, actions);
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
  tellDrawn(change, LOOKS);
}

/**
 * Tells it once more when it is drawn, unless something else is told by then.
 */
function tellDrawn(change: Change, looks: number): void {
  window.setTimeout(() => {
    if (told.get(change.id) !== change) {
      return;
    }
    const isDrawn = document.getElementById(change.id) !== null;
    if (!isDrawn && looks > 1) {
      tellDrawn(change, looks - 1);
      return;
    }
    told.delete(change.id);
    if (isDrawn) {
      Notification.update(change);
    }
  }, LOOK_MS);
}
