import * as React from 'react';

import { render } from '../../__tests__/render';
import { MiddleEllipsis } from '../MiddleEllipsis';

function parts(text: string): (string | null)[] {
  const { node } = render(<MiddleEllipsis text={text} />);
  const spans = node.querySelectorAll('.jp-MLOpsEllipsis > span');
  return [...spans].map(span => span.textContent);
}

describe('MiddleEllipsis', () => {
  it.each([
    ['short text whole', 'train.ipynb', ['train.ipynb']],
    ['twenty letters whole', 'a'.repeat(20), ['a'.repeat(20)]],
    [
      'longer text in two, the last ten letters apart',
      'a-long-notebook-name-v2.ipynb',
      ['a-long-notebook-nam', 'e-v2.ipynb']
    ],
    [
      '한글 by letters',
      '고객-이탈-예측-모델-학습-최종-진짜최종.ipynb',
      ['고객-이탈-예측-모델-학습-최종-', '진짜최종.ipynb']
    ],
    [
      'surrogate pairs uncut',
      '🎈'.repeat(21),
      ['🎈'.repeat(11), '🎈'.repeat(10)]
    ],
    [
      'decomposed 한글 uncut, as macOS names files',
      '글'.repeat(21).normalize('NFD'),
      ['글'.repeat(11).normalize('NFD'), '글'.repeat(10).normalize('NFD')]
    ],
    ['joined emoji uncut', '👩‍🔬'.repeat(21), ['👩‍🔬'.repeat(11), '👩‍🔬'.repeat(10)]],
    ['nothing', '', ['']]
  ])('shows %s', (_, text, expected) => {
    expect(parts(text)).toEqual(expected);
  });

  it('has the whole text, or another, on hover', () => {
    const text = 'a/long/path/to/train.ipynb';
    const { node, rerender } = render(<MiddleEllipsis text={text} />);
    const title = () => node.querySelector('span')?.title;
    expect(title()).toBe(text);
    expect(node.textContent).toBe(text);
    const other = 'train.ipynb';
    rerender(<MiddleEllipsis text={text} title={other} />);
    expect(title()).toBe(other);
  });
});
