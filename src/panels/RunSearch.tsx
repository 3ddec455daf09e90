import * as React from 'react';

import type { Run } from '../api/types';
import { useMLOps } from '../hooks/context';
import { useRequest } from '../hooks/request';
import { allColumns, searchFields, valuesOf } from '../tabs/runs/columns';
import { filterOf } from '../tabs/runs/completion';
import { ExperimentPicker } from '../tabs/runs/ExperimentPicker';
import { FilterInput } from '../tabs/runs/FilterInput';

/**
 * Which of the runs the sidebar lists.
 */
export function RunSearch(props: {
  runs: readonly Run[];
  isRefused: boolean;
}): JSX.Element {
  const { mlops, trans } = useMLOps();
  const { isRefused, runs } = props;
  const [experimentId, setExperimentId] = React.useState<string | null>(
    mlops.runSearch.experimentId ?? null
  );
  const [text, setText] = React.useState('');
  const { data: names } = useRequest(
    () => mlops.client.runColumns(experimentId),
    [experimentId]
  );
  const columns = React.useMemo(
    () => (names ? allColumns(names, trans) : []),
    [names]
  );
  const search = (experiment: string | null, filter: string) => {
    setExperimentId(experiment);
    setText(filter);
    void mlops.searchRuns({
      experimentId: experiment,
      filter: filterOf(filter)
    });
  };
  return (
    <div className="jp-MLOpsRunSearch" role="search">
      <ExperimentPicker
        value={experimentId}
        onChange={experiment => search(experiment, text)}
      />
      <FilterInput
        value={text}
        fields={searchFields(columns)}
        valuesOf={field => valuesOf(runs, columns, field)}
        isRefused={isRefused}
        onApply={filter => search(experimentId, filter)}
      />
    </div>
  );
}
