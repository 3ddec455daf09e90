import * as React from 'react';

import type { IRendered } from '../../__tests__/render';
import { click, find, render } from '../../__tests__/render';
import type { Phase } from '../../services/listState';
import { StateView } from '../StateView';

const DATA = 'data';
const EMPTY = 'nothing yet';

interface IState {
  phase: Phase;
  error?: string;
  isEmpty?: boolean;
}

describe('StateView', () => {
  let retry: jest.Mock;

  function show({ phase, error = '', isEmpty = false }: IState): IRendered {
    const empty = <i>{EMPTY}</i>;
    return render(
      <StateView {...{ phase, error, isEmpty, empty, retry }}>
        <b>{DATA}</b>
      </StateView>
    );
  }

  const has = ({ node }: IRendered, selector: string) =>
    node.querySelector(selector) !== null;

  beforeEach(() => {
    retry = jest.fn();
  });

  it('shows a bar and nothing else while it loads for the first time', () => {
    const view = show({ phase: 'loading', isEmpty: true });
    expect(has(view, '.jp-MLOpsState-bar')).toBe(true);
    expect(has(view, '[aria-busy=true]')).toBe(true);
    expect(view.node.textContent).toBe('');
  });

  it('shows a bar over the old data while it loads again', () => {
    const view = show({ phase: 'loading' });
    expect(has(view, '.jp-MLOpsState-bar')).toBe(true);
    expect(view.node.textContent).toBe(DATA);
    expect(has(view, '.jp-MLOpsState-old')).toBe(false);
  });

  it('shows what to do where there is nothing', () => {
    const view = show({ phase: 'ready', isEmpty: true });
    expect(view.node.textContent).toBe(EMPTY);
    expect(has(view, '[aria-busy=true]')).toBe(false);
  });

  it('shows the data', () => {
    const view = show({ phase: 'ready' });
    expect(view.node.textContent).toBe(DATA);
    expect(has(view, '.jp-MLOpsState-bar')).toBe(false);
    expect(has(view, '[role=alert]')).toBe(false);
  });

  it('shows why it failed, over the old data, dimmed', () => {
    const view = show({ phase: 'failed', error: 'The disk is full.' });
    const alert = find(view.node, '[role=alert]');
    expect(alert.textContent).toBe('The disk is full.Retry');
    expect(find(view.node, '.jp-MLOpsState-old').textContent).toBe(DATA);
    click(find(alert, 'button', 'Retry'));
    expect(retry).toHaveBeenCalledTimes(1);
  });

  it('does not call a failure empty', () => {
    const view = show({ phase: 'failed', error: 'No disk.', isEmpty: true });
    expect(view.node.textContent).toBe('No disk.Retry');
  });
});
