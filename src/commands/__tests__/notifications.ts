import { Notification } from '@jupyterlab/apputils';

/**
 * What the user is told, newest first, as `success: churn stopped`.
 */
export function told(): string[] {
  return Notification.manager.notifications.map(
    ({ message, type }) => `${type}: ${message}`
  );
}

/**
 * Presses a button of the newest notification.
 */
export function pressAction(label: string): void {
  const { message, options } = Notification.manager.notifications[0];
  const action = options.actions?.find(item => item.label === label);
  if (action === undefined) {
    throw new Error(`No button ${label} under: ${message}`);
  }
  action.callback(new MouseEvent('click'));
}
