import * as React from 'react';

import type { Run } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { MiddleEllipsis } from '../MiddleEllipsis';
import { lineStyle } from './theme';

/**
 * Which line stands for which run.
 */
export function Legend(props: { runs: readonly Run[] }): JSX.Element | null {
  const { trans } = useMLOps();
  const { runs } = props;
  return runs.length < 2 ? null : (
    <ul
      className="jp-MLOpsChart-legend"
      aria-label={trans.__('Legend')}
      tabIndex={0}
    >
      {runs.map(({ name, run_id: id }, index) => {
        const { color, type } = lineStyle(index);
        return (
          <li key={id}>
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
