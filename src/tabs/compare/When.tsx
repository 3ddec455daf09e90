import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ComparedRun } from '../../api/types';
import { RelativeTime } from '../../components/RelativeTime';
import { useMLOps } from '../../hooks/context';

/**
 * How long ago something was run, or that it is a notebook as it is now.
 */
export function When(props: {
  item: ComparedRun;
  style?: React.ComponentProps<typeof RelativeTime>['style'];
}): JSX.Element {
  const { trans } = useMLOps();
  const { item, style } = props;
  return item.present ? (
    <span className="jp-MLOpsTime">{trans.__('as it is now')}</span>
  ) : (
    <RelativeTime value={item.run.started_at} style={style} />
  );
}

/**
 * The same in a text, exactly.
 */
export function whenText(
  { present, run }: ComparedRun,
  trans: TranslationBundle
): string {
  return present
    ? trans.__('as it is now')
    : new Date(run.started_at).toLocaleString();
}
