import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { CellPair, ComparedRun, Comparison, Run } from '../../api/types';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { CellList } from './CellList';
import { summary } from './changes';
import { CodeTexts } from './CodeTexts';
import { rowId } from './folding';
import type { CompareCells } from './useCellComparisons';
import { When, whenText } from './When';

// what a cell is opened for before anybody asks
const OPENED: ReadonlySet<string> = new Set(['edited', 'tags']);

/**
 * The cells of the baseline's notebook against those of another run, and the code beside it.
 */
export function Cells(props: {
  comparison: Comparison;

  /**
   * Those of the comparison, each with a name of its own.
   */
  runs: readonly Run[];
  compare: CompareCells;
}): JSX.Element {
  const { trans } = useMLOps();
  const { compare, runs } = props;
  const { code, items } = props.comparison;
  const [base, ...others] = items;
  const [chosen, choose] = React.useState<string | null>(null);
  const kept = others.filter(item => item.snapshot_id !== null);
  const other = kept.find(item => item.snapshot_id === chosen) ?? kept.at(0);
  const nameIn = (item: ComparedRun) => runs[items.indexOf(item)].name;
  if (base.snapshot_id === null || !other?.snapshot_id) {
    return (
      <p className="jp-MLOpsRun-hint">
        {trans.__(
          'Cells are compared between snapshots. Click Snapshot in a notebook to keep its cells with the run.'
        )}
      </p>
    );
  }
  return (
    <>
      <div className="jp-MLOpsCells-sides">
        <span>
          {runs[0].name} <When item={base} />
        </span>
        <span aria-hidden>→</span>
        {kept.length > 1 ? (
          <HTMLSelect
            aria-label={trans.__('Compare with')}
            value={other.snapshot_id}
            onChange={event => choose(event.target.value)}
          >
            {kept.map(item => (
              <option key={item.snapshot_id} value={item.snapshot_id!}>
                {`${nameIn(item)} (${whenText(item, trans)})`}
              </option>
            ))}
          </HTMLSelect>
        ) : (
          <span>
            {nameIn(other)} <When item={other} />
          </span>
        )}
      </div>
      <Pair
        // what was opened stays open when the notebook as it is now is looked at again
        key={`${nameOf(base)} ${nameOf(other)}`}
        baseId={base.snapshot_id}
        otherId={other.snapshot_id}
        compare={compare}
      />
      <CodeTexts
        code={code}
        baseId={base.snapshot_id}
        otherId={other.snapshot_id}
        at={items.indexOf(other)}
      />
    </>
  );
}

function nameOf({ present, snapshot_id: id }: ComparedRun): string {
  return present ? 'now' : id!;
}

function Pair(props: {
  baseId: string;
  otherId: string;
  compare: CompareCells;
}): JSX.Element {
  const { trans } = useMLOps();
  const { baseId, compare, otherId } = props;
  const { data, ...request } = useRequest(
    () => compare(baseId, otherId),
    [baseId, otherId]
  );
  const [toggled, setToggled] = React.useState<ReadonlySet<string>>(new Set());
  const [isAllOpen, setAllOpen] = React.useState(false);
  const isOpen = (pair: CellPair) =>
    toggled.has(rowId(pair)) !==
    pair.changes.some(change => isAllOpen || OPENED.has(change));
  const pairs = data?.items ?? [];
  return (
    <StateView {...request} isEmpty={data === null}>
      <div className="jp-MLOpsCells-summary">
        <span role="status">{summary(pairs, trans)}</span>
        {pairs.some(({ changes }) => changes.length > 0) && (
          <button
            type="button"
            className="jp-Button jp-mod-styled jp-mod-minimal"
            aria-pressed={isAllOpen}
            onClick={() => {
              setToggled(new Set());
              setAllOpen(!isAllOpen);
            }}
          >
            {trans.__('Open all changes')}
          </button>
        )}
      </div>
      {data !== null && data.left_out > 0 && (
        <p className="jp-MLOpsRun-hint">
          {trans._n(
            'The last cell is not compared: there are too many.',
            'The last %1 cells are not compared: there are too many.',
            data.left_out
          )}
        </p>
      )}
      {data && (
        <CellList
          // those that were matched, also while others are
          baseId={data.base_id}
          otherId={data.other_id}
          pairs={pairs}
          isOpen={isOpen}
          onToggle={pair => {
            const next = new Set(toggled);
            if (!next.delete(rowId(pair))) {
              next.add(rowId(pair));
            }
            setToggled(next);
          }}
        />
      )}
    </StateView>
  );
}
