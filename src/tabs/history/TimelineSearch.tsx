import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Grade } from '../../api/types';
import { gradeName } from '../../components/GradeDot';
import { useMLOps } from '../../hooks/context';
import type { SnapshotSearch } from '../../services/snapshotList';

const TYPING_MS = 250;
const GRADES: readonly Grade[] = ['clean', 'valid', 'stale', 'unknown'];

/**
 * Which snapshots are shown: all, those that were asked for, the pinned ones, those of a grade, or those with a tag.
 */
export type Shown = 'all' | 'asked' | 'pinned' | `=${Grade}` | `#${string}`;

/**
 * What is looked for in a timeline.
 */
export interface ITimelineSearch {
  shown: Shown;
  text: string;
}

export const EVERYTHING: ITimelineSearch = { shown: 'all', text: '' };

/**
 * Takes what is looked for: words, and a kind of snapshots. `tags` are those to choose from.
 */
export function TimelineSearch(props: {
  search: ITimelineSearch;
  tags: readonly string[];
  onChange: (search: ITimelineSearch) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { onChange, search, tags } = props;
  const { shown } = search;
  const [typed, type] = React.useState(search.text);
  React.useEffect(() => {
    const text = typed.trim();
    if (text !== search.text) {
      const change = () => onChange({ ...search, text });
      const timer = window.setTimeout(change, TYPING_MS);
      return () => window.clearTimeout(timer);
    }
  }, [typed, search]);
  return (
    <>
      <input
        className="jp-mod-styled jp-MLOpsTimeline-find"
        type="search"
        maxLength={200}
        placeholder={trans.__('Find')}
        aria-label={trans.__('Find in notes, tags, authors and ids')}
        title={trans.__('Words of notes, tags, authors or ids')}
        value={typed}
        onChange={event => type(event.target.value)}
      />
      <HTMLSelect
        aria-label={trans.__('Show')}
        value={shown}
        onChange={event =>
          onChange({ ...search, shown: event.target.value as Shown })
        }
      >
        {choices(shown, tags, trans).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </HTMLSelect>
    </>
  );
}

function choices(
  shown: Shown,
  tags: readonly string[],
  trans: TranslationBundle
): [Shown, string][] {
  // the tag that is shown stays in the choice when its last snapshot is gone
  const all = new Set([
    ...tags,
    ...(shown.startsWith('#') ? [shown.slice(1)] : [])
  ]);
  return [
    ['all', trans.__('All snapshots')],
    ['asked', trans.__('Without automatic ones')],
    ['pinned', trans.__('Pinned')],
    ...GRADES.map((grade): [Shown, string] => [
      `=${grade}`,
      trans.__('Grade %1', gradeName(grade, trans))
    ]),
    ...[...all].map((tag): [Shown, string] => [
      `#${tag}`,
      trans.__('Tagged %1', tag)
    ])
  ];
}

/**
 * The same as the server is asked for it.
 */
export function queryOf(
  notebookPath: string,
  { shown, text }: ITimelineSearch
): SnapshotSearch {
  const query = { notebookPath, ...(text === '' ? {} : { text }) };
  switch (shown) {
    case 'all':
      return query;
    case 'asked':
      return { ...query, automatic: false };
    case 'pinned':
      return { ...query, pinned: true };
    default:
      return shown.startsWith('#')
        ? { ...query, tag: shown.slice(1) }
        : { ...query, grade: shown.slice(1) as Grade };
  }
}
