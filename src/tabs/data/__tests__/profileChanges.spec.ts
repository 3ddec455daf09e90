import type { ColumnProfile, DataProfile } from '../../../api/types';
import { profileChanges } from '../profileChanges';

function table(...columns: [string, number][]): DataProfile {
  return {
    columns: columns.map(
      ([name, missing]) => ({ name, missing }) as ColumnProfile
    )
  } as DataProfile;
}

describe('profileChanges', () => {
  it('finds columns that came, went and changed, whatever their order', () => {
    const { changed, same } = profileChanges(
      table(['a', 0], ['b', 0], ['c', 0]),
      table(['c', 0], ['d', 0], ['b', 1])
    );
    expect(
      changed.map(({ after, before, name }) => [
        name,
        before?.missing,
        after?.missing
      ])
    ).toEqual([
      ['d', undefined, 0],
      ['b', 0, 1],
      ['a', 0, undefined]
    ]);
    expect(same).toBe(1);
  });

  it('takes columns of one name in turn', () => {
    const { changed, same } = profileChanges(
      table(['a', 0], ['a', 1]),
      table(['a', 0], ['a', 1], ['a', 1])
    );
    expect([changed.length, same]).toEqual([1, 2]);
  });
});
