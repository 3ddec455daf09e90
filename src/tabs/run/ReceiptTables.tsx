import * as React from 'react';

import type { Receipt } from '../../api/types';
import { NumberCell } from '../../components/NumberCell';
import { partWord } from '../../components/receipt';
import { useMLOps } from '../../hooks/context';

/**
 * What became of each metric and cell, and what it was run in.
 */
export function ReceiptTables(props: {
  receipt: Receipt;
  openCell: (index: number) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { openCell, receipt } = props;
  const { environment, metrics, missing, notes } = receipt;
  const cells = receipt.cells.filter(({ verdict }) => verdict !== 'same');
  const same = receipt.cells.length - cells.length;
  const remarks = [
    ...(environment?.python ? [trans.__('Run by %1', environment.python)] : []),
    ...(environment?.notes ?? []),
    ...notes,
    ...missing.map(({ advice, path, reason }) => `${path}: ${reason} ${advice}`)
  ];
  return (
    <div className="jp-MLOpsReceipt-tables">
      {metrics.length > 0 && (
        <table className="jp-MLOpsTable" aria-label={trans.__('Metrics')}>
          <thead>
            <tr>
              <th scope="col">{trans.__('Metric')}</th>
              <th scope="col">{trans.__('Recorded')}</th>
              <th scope="col">{trans.__('Found')}</th>
              <th scope="col">{trans.__('Verdict')}</th>
            </tr>
          </thead>
          <tbody>
            {metrics.map(({ found, name, recorded, verdict }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  <NumberCell value={recorded} apartFrom={found} />
                </td>
                <td>
                  <NumberCell value={found} apartFrom={recorded} />
                </td>
                <td>{partWord(verdict, trans)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {cells.length > 0 && (
        <table className="jp-MLOpsTable" aria-label={trans.__('Cells')}>
          <tbody>
            {cells.map(({ difference, index, verdict }) => (
              <tr key={index}>
                <th scope="row">
                  <button
                    type="button"
                    className="jp-MLOpsReceipt-link"
                    onClick={() => openCell(index)}
                  >
                    {trans.__('Cell %1', index + 1)}
                  </button>
                </th>
                <td>{partWord(verdict, trans)}</td>
                <td>{difference}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {same > 0 && (
        <p className="jp-MLOpsRun-hint">
          {trans._n('%1 cell is the same', '%1 cells are the same', same)}
        </p>
      )}
      <Packages receipt={receipt} />
      {remarks.length > 0 && (
        <ul className="jp-MLOpsRun-reasons">
          {remarks.map((remark, index) => (
            <li key={index}>{remark}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Packages({ receipt }: { receipt: Receipt }): JSX.Element | null {
  const { trans } = useMLOps();
  const differences = receipt.environment?.differences ?? [];
  return differences.length === 0 ? null : (
    <table className="jp-MLOpsTable" aria-label={trans.__('Packages')}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Package')}</th>
          <th scope="col">{trans.__('Recorded')}</th>
          <th scope="col">{trans.__('Found')}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ found, name, recorded }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{recorded ?? '–'}</td>
            <td>{found ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
