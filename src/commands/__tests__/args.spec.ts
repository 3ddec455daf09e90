import type { JupyterFrontEnd } from '@jupyterlab/application';

import { describeArgs, NAME, NUMBER, subjectFinder } from '../args';

// the row whose menu is open, within a section that is about something too
const PAGE = `
  <div data-deployment="outer">
    <ul><li data-model="이탈 예측"><b>row</b></li></ul>
  </div>`;

describe('subjectFinder', () => {
  let hits: number;
  let app: JupyterFrontEnd;

  beforeEach(() => {
    hits = 0;
    document.body.innerHTML = PAGE;
    const contextMenuHitTest = (test: (node: HTMLElement) => boolean) => {
      hits += 1;
      let node = document.querySelector('b') as HTMLElement | null;
      while (node !== null && !test(node)) {
        node = node.parentElement;
      }
      return node ?? undefined;
    };
    app = { contextMenuHitTest } as unknown as JupyterFrontEnd;
  });

  it('takes what is given, even in a context menu', () => {
    const find = subjectFinder(app, 'name', 'model');
    expect(find({ name: 'churn', isContextMenu: true })).toBe('churn');
    expect(hits).toBe(0);
  });

  it.each([{}, { name: '' }, { name: 7 }, { name: null }, { other: 'churn' }])(
    'takes the row under the pointer where %j gives nothing',
    args => {
      const find = subjectFinder(app, 'name', 'model');
      expect(find({ ...args, isContextMenu: true })).toBe('이탈 예측');
    }
  );

  it('takes the nearest element that is about such a thing', () => {
    const find = subjectFinder(app, 'name', 'deployment');
    expect(find({ isContextMenu: true })).toBe('outer');
  });

  it('finds nothing where no element is about such a thing', () => {
    const find = subjectFinder(app, 'runId', 'runId');
    expect(find({ isContextMenu: true })).toBeNull();
    expect(hits).toBe(1);
  });

  it.each([{}, { isContextMenu: false }])(
    'does not look at the page when called with %j',
    args => {
      const find = subjectFinder(app, 'name', 'model');
      expect(find(args)).toBeNull();
      expect(hits).toBe(0);
    }
  );
});

describe('describeArgs', () => {
  it('is a JSON schema of an object', () => {
    expect(describeArgs({ name: NAME, version: NUMBER })).toEqual({
      args: {
        type: 'object',
        properties: { name: { type: 'string' }, version: { type: 'number' } }
      }
    });
  });
});
