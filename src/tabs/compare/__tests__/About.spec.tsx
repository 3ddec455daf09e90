import * as React from 'react';

import { createMLOps } from '../../../__tests__/mlops';
import { render, settle } from '../../../__tests__/render';
import { FakeServer } from '../../../api/__tests__/server';
import type { CellPair, StoredCell } from '../../../api/types';
import { About } from '../About';

// texts are edited in browsers only
jest.mock('../Diff', () => ({
  __esModule: true,
  default: (props: { left: string; right: string }) =>
    `${props.left} → ${props.right}`
}));

const CELL: StoredCell = {
  cell_type: 'markdown',
  source: '',
  outputs: [],
  outputs_size: null,
  tags: [],
  metadata: {},
  attachments: {},
  about_size: null,
  language: null
};

async function show(
  changes: CellPair['changes'],
  base: Partial<StoredCell>,
  other: Partial<StoredCell>
): Promise<HTMLElement> {
  const { node } = render(
    <React.Suspense fallback={null}>
      <About
        base={{ ...CELL, ...base }}
        other={{ ...CELL, ...other }}
        changes={changes}
      />
    </React.Suspense>,
    { mlops: createMLOps(new FakeServer()) }
  );
  await settle();
  return node;
}

describe('About', () => {
  it('tells tags that came, went and stayed', async () => {
    const node = await show(
      ['tags'],
      { tags: ['old', 'same'] },
      { tags: ['parameters', 'same'] }
    );
    expect(node.textContent).toBe('Tags:− old+ parameterssame');
  });

  it('shows metadata in one order', async () => {
    const node = await show(['metadata'], {}, { metadata: { b: 1, a: 2 } });
    expect(node.textContent).toBe('{} → {\n  "a": 2,\n  "b": 1\n}');
  });

  it('shows the attachments that are other ones', async () => {
    const node = await show(
      ['attachments'],
      {
        attachments: {
          'a.png': { 'image/png': 'QUJD' },
          'b.png': { 'image/png': 'QUJD' }
        }
      },
      {
        attachments: {
          'b.png': { 'image/png': 'QUJD' },
          'c.txt': { 'text/plain': 'x' }
        }
      }
    );
    expect(node.textContent).toBe(
      'Attachment a.png→noneAttachment c.txtnone→text/plain'
    );
    const [image, ...more] = node.querySelectorAll('img');
    expect(image.alt).toBe('a.png of the baseline');
    expect(image.src).toBe('data:image/png;base64,QUJD');
    expect(more).toEqual([]);
  });

  it('says that there is too much', async () => {
    const node = await show(['metadata'], {}, { about_size: 5_000_000 });
    expect(node.textContent).toContain('5 MB are too large');
  });
});
