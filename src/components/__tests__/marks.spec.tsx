import * as React from 'react';

import { find, render } from '../../__tests__/render';
import type { Run } from '../../api/types';
import { GradeDot } from '../GradeDot';
import { RunMark } from '../RunMark';
import { StateDot } from '../StateDot';

const GRADES = [
  ['clean', '●'],
  ['valid', '◐'],
  ['stale', '▲'],
  ['unknown', '○']
] as const;

const STATES = [
  ['pending', '◌'],
  ['running', '◉'],
  ['failed', '✕'],
  ['stopped', '■']
] as const;

const FAILURE = { name: 'ValueError', message: '', traceback: '' };

describe('GradeDot', () => {
  it.each(GRADES)('tells %s by shape, colour and name', (grade, shape) => {
    const { node } = render(<GradeDot grade={grade} />);
    const image = find(node, '[role=img]', `Grade: ${grade}`);
    expect(image.textContent).toBe(shape);
    expect(find(node, '.jp-MLOpsDot').classList).toContain(`jp-mod-${grade}`);
    expect(node.textContent).toBe(shape);
  });

  it('takes no grade for unknown', () => {
    const { node } = render(<GradeDot grade={null} />);
    expect(find(node, '[role=img]', 'Grade: unknown').textContent).toBe('○');
  });

  it('may have the word beside it', () => {
    const { node } = render(<GradeDot grade="stale" label />);
    expect(node.textContent).toBe('▲stale');
  });
});

describe('StateDot', () => {
  it.each(STATES)('tells %s by shape, colour and name', (state, shape) => {
    const { node } = render(<StateDot state={state} />);
    expect(find(node, '[role=img]', state).textContent).toBe(shape);
    expect(find(node, '.jp-MLOpsDot').classList).toContain(`jp-mod-${state}`);
  });

  it('says its state once where the word stands beside it', () => {
    const { node } = render(<StateDot state="running" label />);
    expect(find(node, '[aria-hidden=true]').textContent).toBe('◉');
    expect(node.querySelector('[role=img]')).toBeNull();
    expect(node.textContent).toBe('◉running');
  });
});

describe('RunMark', () => {
  it.each([
    [{ status: 'FINISHED', grade: 'valid' }, '◐', 'Grade: valid'],
    [{ status: 'FINISHED', grade: null }, '○', 'Grade: unknown'],
    [{ status: 'RUNNING' }, '⟳', 'running'],
    [{ status: 'SCHEDULED' }, '◌', 'queued'],
    [{ status: 'KILLED' }, '■', 'stopped'],
    [{ status: 'FAILED', error: null }, '✕', 'failed'],
    [
      { status: 'FAILED', error: { ...FAILURE, cell_index: 0 } },
      '✕',
      'failed at cell 1'
    ]
  ])('tells %j by %s and "%s"', (run, shape, name) => {
    const { node } = render(<RunMark run={run as Run} />);
    expect(find(node, '[role=img]', name).textContent).toBe(shape);
  });
});
