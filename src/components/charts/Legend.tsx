import * as React from 'react';

import type { Run } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { useRovingList } from '../../hooks/roving';
import { MiddleEllipsis } from '../MiddleEllipsis';
import { lineStyle } from './theme';

/**
 * Which line stands for which run. The run under the pointer or with the focus is told to `onHighlight`, and the one that
 * was clicked or entered, until it is again.
 */
export function Legend(props: {
  runs: readonly Run[];
  onHighlight: (name: string | null) => void;
}): JSX.Element | null {
  const { trans } = useMLOps();
  const { onHighlight, runs } = props;
  const [chosen, choose] = React.useState<string | null>(null);
  const { listProps, rowProps } = useRovingList(runs.length, index => {
    const { name } = runs[index];
    choose(chosen === name ? null : name);
  });
  const leave = () => onHighlight(chosen);
  return runs.length < 2 ? null : (
    <ul
      className="jp-MLOpsChart-legend"
      role="listbox"
      aria-label={trans.__('Legend')}
      onMouseLeave={leave}
      onBlur={leave}
      {...listProps}
    >
      {runs.map(({ name, run_id: id }, index) => {
        const { color, type } = lineStyle(index);
        const { onFocus, ...row } = rowProps(index);
        return (
          <li
            key={id}
            role="option"
            aria-selected={chosen === name}
            onMouseEnter={() => onHighlight(name)}
            onFocus={() => {
              onFocus();
              onHighlight(name);
            }}
            {...row}
          >
            <span
              className="jp-MLOpsChart-key"
              style={{ borderTopColor: color, borderTopStyle: type }}
            />
            <MiddleEllipsis text={name} title={`${name} (${id})`} />
          </li>
        );
      })}
    </ul>
  );
}
