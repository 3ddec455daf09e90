import * as React from 'react';

import { CommandIDs } from '../../commands/ids';
import { openNotebook } from '../../commands/openNotebook';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { snapshotBefore } from '../../services/before';
import { jupyterPath } from '../../services/paths';
import { isHeadless } from '../../services/underway';
import { RerunButtons } from './RerunButtons';
import type { IDetail } from './useDetail';

/**
 * What can be done with a run and its snapshot.
 */
export function Actions({ isEarlier, run, snapshot }: IDetail): JSX.Element {
  const { trans } = useMLOps();
  const { notebook_path: path, run_id: runId } = run;
  const hasModels = snapshot?.manifest.models.some(
    model => model.object_id !== null
  );
  // else the run's newest would be meant
  const meant = {
    runId,
    ...(isEarlier && snapshot && { snapshotId: snapshot.id })
  };
  return (
    <span className="jp-MLOpsRun-buttons">
      <OpenNotebook path={path} />
      {snapshot && <RerunButtons snapshotId={snapshot.id} />}
      {snapshot && snapshotBefore(snapshot) !== null && (
        <Action
          command={CommandIDs.comparePrevious}
          args={meant}
          label={trans.__('Compare with previous')}
          title={trans.__(
            'Compare with the snapshot that the notebook had before'
          )}
        />
      )}
      {snapshot && path !== null && (
        <Action
          command={CommandIDs.compareNow}
          args={meant}
          label={trans.__('Compare with notebook now')}
          title={trans.__(
            'What have I changed since? Compare with the notebook as it is now'
          )}
        />
      )}
      {hasModels && (
        <Action
          isMain
          command={CommandIDs.registerModel}
          args={meant}
          label={trans.__('Register model')}
        />
      )}
      {isEarlier && snapshot && !snapshot.deleted ? (
        <Action
          command={CommandIDs.deleteSnapshot}
          args={{ snapshotId: snapshot.id }}
          label={trans.__('Delete snapshot…')}
        />
      ) : (
        run.lifecycle_stage === 'active' &&
        !isHeadless(run) && (
          <Action
            command={CommandIDs.deleteRun}
            args={{ runId }}
            label={trans.__('Delete')}
          />
        )
      )}
    </span>
  );
}

function Action(props: {
  command: string;
  args: Record<string, string>;
  label: string;
  title?: string;
  isMain?: boolean;
}): JSX.Element {
  const { commands } = useMLOps();
  const { args, command, isMain, label, title } = props;
  return (
    <button
      type="button"
      className={`jp-Button jp-mod-styled ${isMain ? 'jp-mod-accept' : 'jp-mod-reject'}`}
      title={title}
      onClick={() => void commands.execute(command, args)}
    >
      {label}
    </button>
  );
}

/**
 * Opens the notebook as it is now, where Jupyter can show it.
 */
function OpenNotebook({ path }: { path: string | null }): JSX.Element | null {
  const { commands, mlops, trans } = useMLOps();
  const { data: status } = useRequest(() => mlops.client.status(), []);
  return status && path !== null && jupyterPath(status, path) ? (
    <button
      type="button"
      className="jp-Button jp-mod-styled jp-mod-reject"
      onClick={() => void openNotebook(mlops, commands, path)}
    >
      {trans.__('Open notebook')}
    </button>
  ) : null;
}
