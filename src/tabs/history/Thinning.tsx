import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Snapshot } from '../../api/types';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';

const STEP = /^(all|hourly|daily|weekly)(?: (\d+)([hdw]))?$/;

/**
 * Says, where automatic snapshots are listed, which of them will stay as they grow old.
 */
export function Thinning(props: {
  snapshots: readonly Snapshot[];
}): JSX.Element | null {
  const hasAutomatic = props.snapshots.some(({ origin }) =>
    ['save', 'run-all'].includes(origin)
  );
  return hasAutomatic ? <Rule /> : null;
}

function Rule(): JSX.Element | null {
  const { mlops, trans } = useMLOps();
  const { data } = useRequest(() => mlops.client.status(), []);
  return (
    data && (
      <p className="jp-MLOpsTimeline-thinning">
        {ruleText(data.keep_automatic, trans)}
      </p>
    )
  );
}

/**
 * `all 1d, hourly 7d, daily 30d, weekly` in words.
 */
export function ruleText(rule: string, trans: TranslationBundle): string {
  if (rule.trim() === 'off') {
    return trans.__('Automatic snapshots all stay.');
  }
  const steps = rule.split(',').map(step => stepText(step.trim(), trans));
  return trans.__(
    'Of automatic snapshots stay %1. Those with a pin, a note or a tag always stay, and those that were registered or reproduced.',
    steps.join(', ')
  );
}

function stepText(step: string, trans: TranslationBundle): string {
  const [, width, number, unit] = STEP.exec(step) ?? [];
  if (width === undefined) {
    return step;
  }
  const which = {
    all: trans.__('all'),
    hourly: trans.__('one an hour'),
    daily: trans.__('one a day'),
    weekly: trans.__('one a week')
  }[width]!;
  return number === undefined
    ? trans.__('%1 after that', which)
    : trans.__('%1 for %2', which, ageText(Number(number), unit, trans));
}

function ageText(
  count: number,
  unit: string,
  trans: TranslationBundle
): string {
  switch (unit) {
    case 'h':
      return trans._n('%1 hour', '%1 hours', count);
    case 'd':
      return trans._n('%1 day', '%1 days', count);
    default:
      return trans._n('%1 week', '%1 weeks', count);
  }
}
