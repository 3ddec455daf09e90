import { Notification } from '@jupyterlab/apputils';
import { PromiseDelegate } from '@lumino/coreutils';

import { notifying, refuse, tell } from '../notify';
import { told } from './notifications';

describe('notifying', () => {
  let action: PromiseDelegate<number>;
  let outcome: Promise<number | null>;

  beforeEach(() => {
    action = new PromiseDelegate();
    outcome = notifying(() => action.promise, {
      pending: 'Counting…',
      done: count => ({ message: `${count} counted` }),
      failed: reason => `Not counted: ${reason}`
    });
  });

  afterEach(() => Notification.dismiss());

  it('tells what is being done until it is done', async () => {
    expect(told()).toEqual(['in-progress: Counting…']);
    action.resolve(3);
    await expect(outcome).resolves.toBe(3);
    expect(told()).toEqual(['success: 3 counted']);
  });

  it('tells why it failed, and does not throw', async () => {
    action.reject(new Error('no fingers.'));
    await expect(outcome).resolves.toBeNull();
    expect(told()).toEqual(['error: Not counted: no fingers.']);
  });

  it('tells what came of it even if the user has closed it meanwhile', async () => {
    Notification.dismiss();
    action.reject('no fingers.');
    await outcome;
    expect(told()).toEqual(['error: Not counted: no fingers.']);
  });
});

describe('tell', () => {
  it('tells once more when the notification is drawn, however late', () => {
    jest.useFakeTimers();
    const update = jest.spyOn(Notification, 'update');
    const id = Notification.emit('Counting…', 'in-progress');
    tell(id, '1 counted', 'info', false);
    tell(id, '2 counted', 'success', false);
    update.mockClear();
    jest.advanceTimersByTime(5_000);
    expect(update).not.toHaveBeenCalled();
    const drawn = document.body.appendChild(document.createElement('div'));
    drawn.id = id;
    jest.advanceTimersByTime(60_000);
    expect(update).toHaveBeenCalledTimes(1);
    expect(update.mock.calls[0][0]).toMatchObject({ message: '2 counted' });
    drawn.remove();
    Notification.dismiss();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });
});

describe('refuse', () => {
  it('warns', () => {
    expect(refuse('Not now.')).toBeNull();
    expect(told()).toEqual(['warning: Not now.']);
    Notification.dismiss();
  });
});
