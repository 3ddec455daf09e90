import { trans } from '../../__tests__/mlops';
import type { Run } from '../../api/types';
import { runTitle } from '../title';

const STARTED = '2026-11-23T10:00:00.000Z';
const RUN = {
  run_id: 'abcdef',
  name: 'train.ipynb',
  notebook_path: '폴더/train.ipynb',
  status: 'FINISHED',
  grade: 'stale',
  started_at: STARTED
} as Run;

describe('runTitle', () => {
  const later = (hours: number) =>
    runTitle(RUN, trans, Date.parse(STARTED) + hours * 3_600_000);

  it('tells a run from its notebook, and from the runs of other days', () => {
    const [today, tomorrow] = [later(2), later(26)];
    expect(today.label).toMatch(/^train\.ipynb · \d+:00/);
    expect(tomorrow.label).toMatch(/^train\.ipynb · .*2026/);
    expect(today.caption).toBe(tomorrow.caption);
  });

  it('says on hover what and where it is', () => {
    expect(later(1).caption.split('\n')).toEqual([
      expect.stringMatching(/^Run of .*2026.*: grade stale$/),
      '폴더/train.ipynb',
      'abcdef'
    ]);
  });

  it('has the name of a run that no notebook made', () => {
    const run = { ...RUN, notebook_path: null, name: '숲' };
    expect(runTitle(run, trans).caption.split('\n')[1]).toBe('숲');
  });
});
