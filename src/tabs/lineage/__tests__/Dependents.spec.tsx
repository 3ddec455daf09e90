import * as React from 'react';

import { render } from '../../../__tests__/render';
import { Dependents } from '../Dependents';
import { node } from './lineages';

describe('Dependents', () => {
  it('counts each kind, and folds away only those of which there are many', () => {
    const nodes = [
      ...Array.from({ length: 13 }, (_, at) => node('notebook', `${at}.ipynb`)),
      node('version', 'churn', { version: 3 }),
      node('deployment', 'live'),
      node('deployment', 'shadow')
    ];
    const { node: view } = render(
      <Dependents nodes={nodes} onOpen={jest.fn()} />
    );
    const kinds = [...view.querySelectorAll('details')];
    expect(
      kinds.map(kind => [kind.querySelector('summary')?.textContent, kind.open])
    ).toEqual([
      ['13 notebooks depend on it', false],
      ['1 model version depends on it', true],
      ['2 deployments depend on it', true]
    ]);
    expect(kinds[2].textContent).toContain('shadow');
    expect(kinds[0].textContent).not.toContain('7.ipynb');
    React.act(() => {
      kinds[0].open = true;
      kinds[0].dispatchEvent(new Event('toggle'));
    });
    expect(kinds[0].textContent).toContain('7.ipynb');
  });
});
