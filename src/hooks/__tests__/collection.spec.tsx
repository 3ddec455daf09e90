import { DisposableDelegate } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import * as React from 'react';

import { render, settle } from '../../__tests__/render';
import { Collection } from '../../services/collection';
import { useCollection } from '../collection';

describe('useCollection', () => {
  let items: string[];
  let load: jest.Mock;
  let collection: Collection<string>;

  beforeEach(() => {
    items = ['a'];
    load = jest.fn(async () => ({ items: [...items], next_token: null }));
    collection = new Collection<string>({ name: 'items', load });
  });

  afterEach(() => collection.dispose());

  function View(): JSX.Element {
    const { phase, items: shown } = useCollection(collection);
    return <>{`${phase}: ${shown.join()}`}</>;
  }

  it('reads when mounted, and draws what it reads', async () => {
    const { node } = render(<View />);
    expect(node.textContent).toBe('loading: ');
    await settle();
    expect(node.textContent).toBe('ready: a');
  });

  it('draws changes, for each view', async () => {
    const { node } = render(
      <>
        <View />
        <View />
      </>
    );
    await settle(() => void collection.refresh());
    items.push('b');
    await settle(() => void collection.refresh());
    expect(node.textContent).toBe('ready: a,bready: a,b');
  });

  it('takes hints only while mounted', async () => {
    const { unmount } = render(<View />);
    await settle();
    load.mockClear();
    await settle(() => collection.hint());
    expect(load).toHaveBeenCalledTimes(1);
    unmount();
    await settle(() => collection.hint());
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('misses no change between being drawn and being mounted', () => {
    const changed = new Signal<unknown, void>({});
    const watch = () => new DisposableDelegate(() => undefined);
    const early = { changed, items: ['a'], phase: 'ready', watch };
    collection = Object.assign(early, { dispose: () => undefined }) as never;
    const Change = () => {
      React.useLayoutEffect(() => {
        early.items = ['a', 'b'];
        changed.emit();
      }, []);
      return null;
    };
    const { node } = render(
      <>
        <Change />
        <View />
      </>
    );
    expect(node.textContent).toBe('ready: a,b');
  });
});
