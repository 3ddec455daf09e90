import * as React from 'react';

import { find, render, settle } from '../../__tests__/render';
import { LazyView } from '../LazyView';

type Loaded = { default: () => JSX.Element };

const TEXT = 'loaded';

describe('LazyView', () => {
  it('shows a bar until the view is there', async () => {
    let load: (view: Loaded) => void = () => undefined;
    const View = React.lazy(
      () => new Promise<Loaded>(resolve => (load = resolve))
    );
    const { node } = render(
      <LazyView>
        <View />
      </LazyView>
    );
    find(node, '.jp-MLOpsState-bar');
    await settle(() => load({ default: () => <b>{TEXT}</b> }));
    expect(node.innerHTML).toBe('<b>loaded</b>');
  });

  it.each([
    [
      new Error('chunk 7 is gone'),
      'This view cannot be shown (chunk 7 is gone). Reload the page.'
    ],
    [
      Object.assign(new Error('http://…'), { name: 'ChunkLoadError' }),
      'This view could not be loaded. Reload the page when the Jupyter server answers.'
    ]
  ])('says why the view cannot be shown', async (reason, text) => {
    // React tells the console of each error that a boundary catches
    const tell = jest.spyOn(console, 'error').mockReturnValue();
    const View = React.lazy(() => Promise.reject(reason));
    const { node } = render(
      <LazyView>
        <View />
      </LazyView>
    );
    await settle();
    expect(find(node, '[role=alert]').textContent).toBe(text);
    tell.mockRestore();
  });
});
