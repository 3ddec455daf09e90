import * as React from 'react';

import type { Run } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { Chart } from './Chart';
import { differing, fieldsOf } from './field';
import { FieldSelect } from './FieldSelect';
import { scatterOption } from './options';
import { useChartTheme } from './theme';

/**
 * Runs as points over two of their values. A click on a point opens its run.
 */
export function Scatter(props: {
  runs: readonly Run[];
  onOpen: (runId: string) => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { onOpen, runs } = props;
  const theme = useChartTheme();
  const fields = React.useMemo(() => fieldsOf(runs), [runs]);
  const [ids, setIds] = React.useState<Record<string, string | null>>({});
  const choose = (name: string) => (id: string | null) =>
    setIds({ ...ids, [name]: id });
  const field = (name: string) => fields.find(({ id }) => id === ids[name]);
  const telling = differing(fields, runs);
  const vertical = field('vertical') ?? telling[0] ?? fields[0];
  const horizontal =
    field('horizontal') ??
    telling.find(({ id }) => id !== vertical?.id) ??
    fields[0];
  const numeric = fields.filter(({ isNumeric }) => isNumeric);
  const colour = numeric.find(({ id }) => id === ids.colour) ?? null;
  const option = React.useMemo(
    () => vertical && scatterOption(runs, horizontal, vertical, colour, theme),
    [runs, horizontal, vertical, colour, theme]
  );
  return vertical === undefined ? (
    <p className="jp-MLOpsRun-hint">
      {trans.__('The runs have no metrics and no parameters to draw them by.')}
    </p>
  ) : (
    <>
      <div className="jp-MLOpsChart-tools">
        <FieldSelect
          label={trans.__('Horizontal')}
          fields={fields}
          value={horizontal}
          onChange={choose('horizontal')}
        />
        <FieldSelect
          label={trans.__('Vertical')}
          fields={fields}
          value={vertical}
          onChange={choose('vertical')}
        />
        <FieldSelect
          label={trans.__('Colour')}
          fields={numeric}
          value={colour}
          none={trans.__('None')}
          onChange={choose('colour')}
        />
      </div>
      <div className="jp-MLOpsChart-place">
        <Chart
          label={trans.__(
            '%1 of %2 runs over %3',
            vertical.title,
            runs.length,
            horizontal.title
          )}
          option={option}
          onPick={onOpen}
        />
      </div>
    </>
  );
}
