import * as React from 'react';

import type { CellPair, CodeComparison } from '../../api/types';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { ChangeRow } from './ChangeRow';

const Diff = React.lazy(() => import('./Diff'));

interface IText {
  title: string;
  language: string;
  changes: CellPair['changes'];
  read: () => Promise<[string | null, string | null]>;
}

/**
 * What of the code lies beside the notebook and differs: modules, and changes that were not committed.
 */
export function CodeTexts(props: {
  code: CodeComparison;
  baseId: string;
  otherId: string;

  /**
   * Which of the compared runs the second one is.
   */
  at: number;
}): JSX.Element | null {
  const { mlops, trans } = useMLOps();
  const { at, baseId, code, otherId } = props;
  const module = async (id: string, index: number | null) =>
    index === null ? null : (await mlops.client.snapshotModule(id, index)).text;
  const diff = async (id: string) => (await mlops.client.snapshotDiff(id)).text;
  const texts: IText[] = [
    ...code.modules.map(({ digests, indexes, path }) => ({
      title: path,
      language: 'python',
      changes: changesOf(digests[0], digests[at]),
      read: () =>
        Promise.all([module(baseId, indexes[0]), module(otherId, indexes[at])])
    })),
    ...code.facts
      .filter(({ name }) => name === 'diff')
      .map(({ values }) => ({
        title: trans.__('Uncommitted changes'),
        language: 'diff',
        changes: changesOf(values[0], values[at]),
        read: () => Promise.all([diff(baseId), diff(otherId)])
      }))
  ].filter(({ changes }) => changes.length > 0);
  return texts.length === 0 ? null : (
    <section aria-label={trans.__('Beside the notebook')}>
      <h3>{trans.__('Beside the notebook')}</h3>
      {texts.map(text => (
        <TextRow key={`${baseId} ${otherId} ${text.title}`} {...text} />
      ))}
    </section>
  );
}

function TextRow(props: IText): JSX.Element {
  const [isOpen, setOpen] = React.useState(false);
  return (
    <div className="jp-MLOpsCells-text">
      <ChangeRow {...props} isOpen={isOpen} onToggle={() => setOpen(!isOpen)}>
        <Text {...props} />
      </ChangeRow>
    </div>
  );
}

function Text({ language, read, title }: IText): JSX.Element {
  const { data, ...request } = useRequest(read, []);
  return (
    <StateView {...request} isEmpty={data === null}>
      {data && (
        <React.Suspense fallback={<pre>{data[1] ?? data[0]}</pre>}>
          <Diff
            left={data[0]}
            right={data[1]}
            language={language}
            label={title}
          />
        </React.Suspense>
      )}
    </StateView>
  );
}

function changesOf(
  base: string | null,
  other: string | null
): CellPair['changes'] {
  return base === other
    ? []
    : base === null
      ? ['added']
      : other === null
        ? ['removed']
        : ['edited'];
}
