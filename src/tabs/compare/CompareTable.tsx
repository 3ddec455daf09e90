import * as React from 'react';

import type { Comparison } from '../../api/types';
import { moved } from '../../hooks/columnDrag';
import { useMLOps } from '../../hooks/context';
import { arranged } from './arrange';
import { matches } from './find';
import { Head } from './Head';
import type { NamedBy } from './naming';
import { remarkOf } from './naming';
import { RowTitle } from './RowTitle';
import { Section } from './Section';
import type { ISection, Ordered } from './sections';
import { sectionsOf } from './sections';
import { TableTools } from './TableTools';

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
  namedBy: NamedBy;
}): JSX.Element {
  const { trans } = useMLOps();
  const { comparison, namedBy, names, onArrange } = props;
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
  const [text, find] = React.useState('');
  const all = sectionsOf(comparison, chosen, ordered, trans);
  const sections = text.trim() === '' ? all : all.map(one => found(one, text));
  return (
    <>
      <TableTools
        comparison={comparison}
        names={names}
        chosen={chosen}
        onlyDifferent={onlyDifferent}
        onOnlyDifferent={setOnlyDifferent}
        text={text}
        onFind={find}
      />
      {sections.every(({ note, rows }) => rows.length === 0 && !note) && (
        <p className="jp-MLOpsRun-hint" role="status">
          {trans.__('No row is called like that.')}
        </p>
      )}
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
                  remark={remarkOf(item, namedBy)}
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

/**
 * Of a section the rows that are called like a text, by their own name or by the one that is shown.
 */
function found({ rows, title }: ISection, text: string): ISection {
  const isFound = ({ id, title: name }: ISection['rows'][0]) =>
    matches(typeof name === 'string' ? `${id} ${name}` : id, text);
  return { title, rows: rows.filter(isFound) };
}
