import * as React from 'react';

import type { Run } from '../api/types';
import { useMLOps } from '../hooks/context';
import { useRequest } from '../hooks/request';
import type { RunSearch as RunSearchChanges } from '../services/runList';
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
  const { automatic = false, experimentId = null } = mlops.runSearch;
  const [typed, setTyped] = React.useState('');
  // another part of JupyterLab may have asked for other runs since it was typed
  const text =
    filterOf(typed) === (mlops.runSearch.filter ?? null) ? typed : '';
  const { data: names } = useRequest(
    () => mlops.client.runColumns(experimentId),
    [experimentId]
  );
  const columns = React.useMemo(
    () => (names ? allColumns(names, trans) : []),
    [names]
  );
  const search = (changes: RunSearchChanges) => {
    void mlops.searchRuns({
      automatic,
      experimentId,
      filter: filterOf(text),
      ...changes
    });
  };
  return (
    <div className="jp-MLOpsRunSearch" role="search">
      <ExperimentPicker
        value={experimentId}
        onChange={chosen => search({ experimentId: chosen })}
      />
      <FilterInput
        value={text}
        fields={searchFields(columns)}
        valuesOf={field => valuesOf(runs, columns, field)}
        isRefused={isRefused}
        onApply={filter => {
          setTyped(filter);
          search({ filter: filterOf(filter) });
        }}
      />
      {experimentId === null && (
        <label className="jp-MLOpsRunSearch-automatic">
          <input
            type="checkbox"
            checked={automatic}
            onChange={event => search({ automatic: event.target.checked })}
          />
          {trans.__('Automatic snapshots too')}
        </label>
      )}
    </div>
  );
}
