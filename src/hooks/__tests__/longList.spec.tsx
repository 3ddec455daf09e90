import { Signal } from '@lumino/signaling';
import * as React from 'react';

import { createMLOps } from '../../__tests__/mlops';
import { render, settle } from '../../__tests__/render';
import { FakeServer } from '../../api/__tests__/server';
import type { RunSearch } from '../../services/runList';
import { RunList } from '../../services/runList';
import { useLongList } from '../longList';

const LIST = 'GET runs';
const THROTTLE_MS = 1_100;

function Runs({ search }: { search: RunSearch | null }): JSX.Element {
  const list = useLongList(RunList, search, () => true);
  return <>{list.items.length}</>;
}

describe('useLongList', () => {
  let isHidden = false;
  let server: FakeServer;
  let stream: Signal<object, object>;

  const show = (search: RunSearch | null) =>
    render(<Runs search={search} />, { mlops: createMLOps(server, stream) });
  const asked = () =>
    server.requests.filter(request => request === LIST).length;
  const later = () =>
    settle().then(() =>
      React.act(() => new Promise(done => setTimeout(done, THROTTLE_MS)))
    );
  const tell = () =>
    React.act(() =>
      stream.emit({
        schema_id: 'https://events.jupyter.org/jupyter_mlops/tracking/v1',
        action: 'changed',
        id: 'r1'
      })
    );
  const hide = (hidden: boolean) => {
    isHidden = hidden;
    React.act(() => {
      document.dispatchEvent(new Event('visibilitychange'));
    });
  };

  beforeEach(() => {
    isHidden = false;
    jest.spyOn(document, 'hidden', 'get').mockImplementation(() => isHidden);
    server = new FakeServer();
    stream = new Signal<object, object>({});
    server.on(LIST, { items: [], next_token: null });
  });

  afterEach(() => jest.restoreAllMocks());

  it('reads again after events, once for a swarm of them', async () => {
    show({});
    await settle();
    expect(asked()).toBe(1);
    [1, 2, 3].forEach(tell);
    await later();
    expect(asked()).toBe(2);
  });

  it('waits for a hidden page to be seen again', async () => {
    show({});
    await settle();
    hide(true);
    tell();
    await later();
    expect(asked()).toBe(1);
    hide(false);
    await later();
    expect(asked()).toBe(2);
  });

  it('reads nothing while nothing is looked for', async () => {
    show(null);
    tell();
    hide(false);
    await later();
    expect(asked()).toBe(0);
  });
});
