import * as React from 'react';

import type { ColumnProfile, DataProfile, FileUse } from '../../api/types';
import { formatNumber } from '../../components/number';
import { NumberCell } from '../../components/NumberCell';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { BoxPlot } from './BoxPlot';

const TABLES =
  /\.(arrow|csv|dta|feather|h5|hdf5?|ipc|json|jsonl|ndjson|orc|parquet|pq|tsv|xls|xlsx|zip)(\.(bz2|gz|xz|zst))?$/i;

/**
 * Whether the server can tell what the file holds.
 */
export function isTable({
  digest,
  kind,
  path
}: Pick<FileUse, 'digest' | 'kind' | 'path'>): boolean {
  return kind === 'file' && digest !== null && TABLES.test(path);
}

/**
 * What a table holds, column by column.
 */
export function Profile(props: {
  snapshotId: string;
  index: number;
  path: string;
}): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { index, path, snapshotId } = props;
  const { data, ...request } = useRequest(
    () => mlops.client.dataProfile(snapshotId, index),
    [snapshotId, index]
  );
  return (
    <section
      className="jp-MLOpsProfile"
      aria-label={trans.__('Profile of %1', path)}
      tabIndex={0}
    >
      <StateView {...request} isEmpty={data === null}>
        {data && <Columns profile={data} />}
      </StateView>
    </section>
  );
}

/**
 * The columns of a table with what is told of each.
 */
export function Columns({ profile }: { profile: DataProfile }): JSX.Element {
  const { trans } = useMLOps();
  return (
    <>
      <Summary profile={profile} />
      {profile.note !== null && (
        <p className="jp-MLOpsRun-hint">{profile.note}</p>
      )}
      <table className="jp-MLOpsTable">
        <thead>
          <tr>
            <th scope="col">{trans.__('Column')}</th>
            <th scope="col">{trans.__('Type')}</th>
            <th scope="col">{trans.__('Missing')}</th>
            <th scope="col">{trans.__('Distinct')}</th>
            <th scope="col">{trans.__('Values')}</th>
          </tr>
        </thead>
        <tbody>
          {profile.columns.map((column, index) => (
            <tr key={index}>
              <th scope="row">{column.name}</th>
              <td>{column.type}</td>
              <td>
                <Share count={column.missing} of={profile.looked_at} />
              </td>
              <td>
                {column.distinct !== null && (
                  <NumberCell value={column.distinct} />
                )}
              </td>
              <td>
                <Values column={column} rows={profile.looked_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Summary({ profile }: { profile: DataProfile }): JSX.Element {
  const { trans } = useMLOps();
  const { column_count: width, columns, looked_at: looked, rows } = profile;
  const count = (rows ?? looked).toLocaleString();
  return (
    <p className="jp-MLOpsRun-hint">
      {[
        rows === null
          ? trans.__('more than %1 rows', count)
          : trans._n('%2 row', '%2 rows', rows, count),
        trans._n('%1 column', '%1 columns', width),
        ...(rows === looked
          ? []
          : [
              trans.__(
                'described by the first %1 rows',
                looked.toLocaleString()
              )
            ]),
        ...(width === columns.length
          ? []
          : [trans.__('the first %1 columns', columns.length)])
      ].join(' · ')}
    </p>
  );
}

function Values(props: { column: ColumnProfile; rows: number }): JSX.Element {
  const { trans } = useMLOps();
  const { max, min, quantiles, top = [] } = props.column;
  if (quantiles) {
    const text = quantiles.map(formatNumber).join(' · ');
    return (
      <span title={trans.__('minimum · quartiles · maximum')}>
        <BoxPlot quantiles={quantiles} /> {text}
      </span>
    );
  }
  if (min !== null && max !== null) {
    return <>{`${min} – ${max}`}</>;
  }
  return (
    <>
      {top.map(({ count, value }, index) => (
        <span key={index} className="jp-MLOpsProfile-value">
          {value} <Share count={count} of={props.rows} />
        </span>
      ))}
    </>
  );
}

function Share(props: { count: number; of: number }): JSX.Element {
  const { count, of } = props;
  const percent = of === 0 ? 0 : (100 * count) / of;
  return (
    <span className="jp-MLOpsRun-hint" title={`${count}`}>
      {percent > 0 && percent < 1 ? '< 1' : Math.round(percent)} %
    </span>
  );
}
