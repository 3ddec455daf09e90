import * as React from 'react';

import type { ColumnProfile, DataProfile } from '../../api/types';
import { formatNumber } from '../../components/number';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { BoxPlot } from '../run/BoxPlot';
import type { IColumnPair } from './profileChanges';
import { profileChanges } from './profileChanges';

/**
 * How the columns of a table differ between two versions: types, missing values, quartiles, the most frequent values.
 */
export function ProfileDiff(props: {
  path: string;
  old: string;
  newer: string;
}): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { newer, old, path } = props;
  const { data, ...request } = useRequest(
    () =>
      Promise.all([
        mlops.client.versionProfile(path, old),
        mlops.client.versionProfile(path, newer)
      ]),
    [path, old, newer]
  );
  return (
    <section
      className="jp-MLOpsProfile"
      aria-label={trans.__('Columns')}
      tabIndex={0}
    >
      <StateView {...request} isEmpty={data === null}>
        {data && <Pairs before={data[0]} after={data[1]} />}
      </StateView>
    </section>
  );
}

function Pairs(props: {
  before: DataProfile;
  after: DataProfile;
}): JSX.Element {
  const { trans } = useMLOps();
  const { after, before } = props;
  const { changed, same } = profileChanges(before, after);
  const isPart = [before, after].some(
    ({ looked_at: looked, rows }) => looked !== rows
  );
  return (
    <>
      {changed.length > 0 && (
        <table className="jp-MLOpsTable" aria-label={trans.__('Columns')}>
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
            {changed.map((pair, index) => (
              <Row key={index} pair={pair} />
            ))}
          </tbody>
        </table>
      )}
      <p className="jp-MLOpsRun-hint">
        {[
          trans._n(
            '%1 column looks the same',
            '%1 columns look the same',
            same
          ),
          ...(isPart ? [trans.__('told by the first rows')] : [])
        ].join(' · ')}
      </p>
    </>
  );
}

function Row({ pair }: { pair: IColumnPair }): JSX.Element {
  const { trans } = useMLOps();
  const { after, before, name } = pair;
  const word =
    before === null
      ? trans.__('new')
      : after === null
        ? trans.__('gone')
        : null;
  return (
    <tr>
      <th scope="row">
        {name} {word && <span className="jp-MLOpsRun-hint">{word}</span>}
      </th>
      <td>{change(pair, column => column.type)}</td>
      <td>{change(pair, column => column.missing.toLocaleString())}</td>
      <td>
        {change(pair, ({ distinct }) =>
          distinct === null ? '' : distinct.toLocaleString()
        )}
      </td>
      <td>
        <Values column={before} />
        <Values column={after} />
      </td>
    </tr>
  );
}

/**
 * `12 → 14`, or one of both where they are the same or only one is there.
 */
function change(
  { after, before }: IColumnPair,
  text: (column: ColumnProfile) => string
): string {
  const texts = [before, after].filter(column => column !== null).map(text);
  return [...new Set(texts)].join(' → ');
}

/**
 * Two lines stand for the two versions, the older one above.
 */
function Values(props: { column: ColumnProfile | null }): JSX.Element | null {
  const { trans } = useMLOps();
  if (props.column === null) {
    return null;
  }
  const { max, min, quantiles, top = [] } = props.column;
  if (quantiles) {
    return (
      <div title={trans.__('minimum · quartiles · maximum')}>
        <BoxPlot quantiles={quantiles} />{' '}
        {quantiles.map(formatNumber).join(' · ')}
      </div>
    );
  }
  return (
    <div>
      {min !== null && max !== null
        ? `${min} – ${max}`
        : top.map(({ count, value }) => `${value} (${count})`).join(', ')}
    </div>
  );
}
