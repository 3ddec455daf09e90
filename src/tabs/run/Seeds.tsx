import * as React from 'react';

import type { Manifest } from '../../api/types';
import { useMLOps } from '../../hooks/context';

/**
 * What the code set its random numbers to, and in which cells. Older snapshots do not tell the cells.
 */
export function Seeds(props: {
  manifest: Pick<Manifest, 'seeds' | 'seed_uses'>;
}): JSX.Element {
  const { trans } = useMLOps();
  const { seed_uses: uses = [], seeds } = props.manifest;
  const told = new Set(uses.map(({ name }) => name));
  const others = Object.entries(seeds).filter(([name]) => !told.has(name));
  const rows = [
    ...uses.map(use => [
      use.name,
      use.cell_number ? trans.__('Cell %1', use.cell_number) : '',
      use.count > use.values.length
        ? trans.__(
            '%1 … %2 (%3 values)',
            use.values.slice(0, 3).join(', '),
            use.last,
            use.count
          )
        : use.values.join(', ')
    ]),
    ...others.map(([name, value]) => [
      name,
      '',
      Array.isArray(value) ? value.join(', ') : `${value}`
    ])
  ];
  return (
    <section aria-label={trans.__('Seeds')}>
      <h3>{trans.__('Seeds')}</h3>
      {rows.length === 0 ? (
        <p className="jp-MLOpsRun-hint">
          {trans.__('No seed was set: random numbers differ from run to run.')}
        </p>
      ) : (
        <table className="jp-MLOpsTable">
          <tbody>
            {rows.map(([name, cell, values], index) => (
              <tr key={index}>
                <th scope="row">{name}</th>
                <td>{values}</td>
                <td>{cell}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
