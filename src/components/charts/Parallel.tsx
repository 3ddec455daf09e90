import * as React from 'react';

import type { Run } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { Popover } from '../Popover';
import { Chart } from './Chart';
import type { IField } from './field';
import { differing, fieldsOf } from './field';
import { FieldSelect } from './FieldSelect';
import { parallelOption } from './options';
import { useChartTheme } from './theme';

// axes that can be read side by side
const MOST_AT_FIRST = 8;

/**
 * Runs as lines through their parameters and metrics.
 */
export function Parallel(props: { runs: readonly Run[] }): JSX.Element {
  const { trans } = useMLOps();
  const { runs } = props;
  const theme = useChartTheme();
  const all = React.useMemo(() => fieldsOf(runs), [runs]);
  const [ids, setIds] = React.useState<string[] | null>(null);
  const [colourId, setColourId] = React.useState<string | null>(null);
  const fields = React.useMemo(() => {
    const first = differing(all, runs);
    const chosen = all.filter(({ id }) => ids?.includes(id));
    // causes on the left, results on the right
    return ids
      ? [...chosen].reverse()
      : first.slice(0, MOST_AT_FIRST).reverse();
  }, [all, ids, runs]);
  const numeric = fields.filter(({ isNumeric }) => isNumeric);
  const colour =
    numeric.find(({ id }) => id === colourId) ?? numeric.at(-1) ?? null;
  const option = React.useMemo(
    () => parallelOption(runs, fields, colour, theme),
    [runs, fields, colour, theme]
  );
  return (
    <>
      <div className="jp-MLOpsChart-tools">
        <Popover label={trans.__('Axes')}>
          <Axes fields={all} shown={fields} onChange={setIds} />
        </Popover>
        <FieldSelect
          label={trans.__('Colour')}
          fields={numeric}
          value={colour}
          onChange={setColourId}
        />
      </div>
      {fields.length < 2 ? (
        <p className="jp-MLOpsRun-hint">
          {trans.__('The runs differ in less than two values. Choose axes.')}
        </p>
      ) : (
        <div className="jp-MLOpsChart-place">
          <Chart
            label={trans.__(
              'Parallel coordinates of %1 runs by %2',
              runs.length,
              fields.map(({ title }) => title).join(', ')
            )}
            option={option}
          />
        </div>
      )}
    </>
  );
}

function Axes(props: {
  fields: readonly IField[];
  shown: readonly IField[];
  onChange: (ids: string[]) => void;
}): JSX.Element {
  const { fields, onChange, shown } = props;
  const ids = shown.map(({ id }) => id);
  return (
    <div className="jp-MLOpsColumns-groups">
      {fields.map(({ id, title }) => (
        <label key={id} title={id}>
          <input
            type="checkbox"
            checked={ids.includes(id)}
            onChange={({ target }) =>
              onChange(
                target.checked
                  ? [...ids, id]
                  : ids.filter(other => other !== id)
              )
            }
          />
          <span>{title}</span>
        </label>
      ))}
    </div>
  );
}
