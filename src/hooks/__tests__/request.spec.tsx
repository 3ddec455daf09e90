import { PromiseDelegate } from '@lumino/coreutils';
import * as React from 'react';

import type { IRendered } from '../../__tests__/render';
import { render, settle } from '../../__tests__/render';
import type { IRequest } from '../request';
import { useRequest } from '../request';

describe('useRequest', () => {
  let last: IRequest<string>;
  let reads: { subject: string; reply: PromiseDelegate<string> }[];
  let view: IRendered;

  const read = (subject: string) => {
    const reply = new PromiseDelegate<string>();
    reads.push({ subject, reply });
    return reply.promise;
  };
  const state = () => [last.phase, last.data, last.error];

  function View(props: { subject: string }): JSX.Element {
    last = useRequest(() => read(props.subject), [props.subject]);
    return <>{last.data}</>;
  }

  beforeEach(() => {
    reads = [];
    view = render(<View subject="a" />);
  });

  it('is loading until the answer comes', async () => {
    expect(state()).toEqual(['loading', null, null]);
    await settle(() => reads[0].reply.resolve('A'));
    expect(state()).toEqual(['ready', 'A', null]);
    expect(view.node.textContent).toBe('A');
  });

  it('reads once for as long as it is about the same', async () => {
    await settle(() => reads[0].reply.resolve('A'));
    view.rerender(<View subject="a" />);
    expect(reads).toHaveLength(1);
  });

  it('tells why it failed, and reads again on retry', async () => {
    await settle(() => reads[0].reply.reject(new Error('No such run.')));
    expect(state()).toEqual(['failed', null, 'No such run.']);
    await settle(() => last.retry());
    expect(last.phase).toBe('loading');
    await settle(() => reads[1].reply.resolve('A'));
    expect(state()).toEqual(['ready', 'A', null]);
    expect(reads.map(({ subject }) => subject)).toEqual(['a', 'a']);
  });

  it('keeps the last good data while it reads again, and when that fails', async () => {
    await settle(() => reads[0].reply.resolve('A'));
    await settle(() => last.retry());
    expect(state()).toEqual(['loading', 'A', null]);
    await settle(() => reads[1].reply.reject('unreachable'));
    expect(state()).toEqual(['failed', 'A', 'unreachable']);
  });

  it.each(['answers', 'failures'])('drops overtaken %s', async kind => {
    view.rerender(<View subject="b" />);
    expect(reads.map(({ subject }) => subject)).toEqual(['a', 'b']);
    await settle(() => reads[1].reply.resolve('B'));
    const { reply } = reads[0];
    await settle(() =>
      kind === 'answers' ? reply.resolve('A') : reply.reject('too late')
    );
    expect(state()).toEqual(['ready', 'B', null]);
  });

  it('drops what comes before the answer to the latest question', async () => {
    view.rerender(<View subject="b" />);
    await settle(() => reads[0].reply.resolve('A'));
    expect(state()).toEqual(['loading', null, null]);
    await settle(() => reads[1].reply.resolve('B'));
    expect(state()).toEqual(['ready', 'B', null]);
  });
});
