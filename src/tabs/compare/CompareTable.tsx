import * as React from 'react';

import type { Comparison } from '../../api/types';
import { moved } from '../../hooks/columnDrag';
import { useMLOps } from '../../hooks/context';
import { arranged } from './arrange';
import { Exports } from './Exports';
import { Head } from './Head';
import { RowTitle } from './RowTitle';
import { Section } from './Section';
import type { Ordered } from './sections';
import { sectionsOf } from './sections';

interface IOrder {
  id: string;
  direction: 'ascending' | 'descending';
}

/**
 * Runs side by side, the first one as the baseline that the others are measured against.
 */
export function CompareTable(props: {
  comparison: Comparison;
  /**
   * Told which columns are wanted in which order, by the places where they are.
   */
  onArrange: (places: number[]) => void;
  names: readonly string[];
}): JSX.Element {
  const { trans } = useMLOps();
  const { comparison, names, onArrange } = props;
  const { items } = comparison;
  const [order, setOrder] = React.useState<IOrder | null>(null);
  const onMove = (from: number, to: number) => {
    setOrder(null);
    onArrange(moved([...items.keys()], from, to));
  };
  const ordered: Ordered = (id, { name, values }) => ({
    order: order?.id === id ? order.direction : null,
    title: (
      <RowTitle
        name={name}
        order={order?.id === id ? order.direction : null}
        onOrder={isDescending => {
          setOrder({
            id,
            direction: isDescending ? 'descending' : 'ascending'
          });
          onArrange(arranged(values, isDescending));
        }}
      />
    )
  });
  const [onlyDifferent, setOnlyDifferent] = React.useState(true);
  const chosen = <T extends { differs: boolean }>(rows: readonly T[]) =>
    rows.filter(({ differs }) => differs || !onlyDifferent);
  const sections = sectionsOf(comparison, chosen, ordered, trans);
  return (
    <>
      <div className="jp-MLOpsCompare-tools">
        <label>
          <input
            type="checkbox"
            checked={onlyDifferent}
            onChange={({ target }) => setOnlyDifferent(target.checked)}
          />{' '}
          {trans.__('Only what differs')}
        </label>
        <Exports comparison={comparison} names={names} chosen={chosen} />
      </div>
      <div className="jp-MLOpsCompare-scroll" tabIndex={0}>
        <table className="jp-MLOpsTable jp-MLOpsCompare-table">
          <thead>
            <tr>
              <td />
              {items.map((item, index) => (
                <Head
                  key={item.snapshot_id ?? item.run.run_id}
                  item={item}
                  ownName={names[index]}
                  index={index}
                  count={items.length}
                  onMove={onMove}
                  onRemove={
                    items.length > 2
                      ? () =>
                          onArrange(
                            [...items.keys()].filter(at => at !== index)
                          )
                      : null
                  }
                />
              ))}
            </tr>
          </thead>
          {sections.map(section => (
            <Section key={section.title} columns={items.length} {...section} />
          ))}
        </table>
      </div>
    </>
  );
}
