import * as React from 'react';

import { errorMessage } from '../../api/request';
import type { PresentNotebook } from '../../api/types';
import { because, refuse } from '../../commands/notify';
import { saveIfDirty } from '../../commands/save';
import { useMLOps } from '../../hooks/context';
import type { IOpenNotebook } from '../../hooks/openNotebook';

/**
 * Where the notebook as it is now was taken from, and how that is taken anew.
 */
export function PresentBar(props: {
  present: PresentNotebook;
  open: IOpenNotebook;
  onRefresh: () => void;
}): JSX.Element {
  const { trans } = useMLOps();
  const { onRefresh, present } = props;
  const { context, isDirty } = props.open;
  const save = async () => {
    try {
      await saveIfDirty(context!, trans);
    } catch (reason) {
      const what = trans.__('The comparison is not up to date');
      refuse(because(trans, what, errorMessage(reason)));
    }
  };
  // more than is sent, or typed a moment ago
  const isBehind = isDirty && !present.unsaved;
  const source = present.unsaved
    ? trans.__(
        'Compared with the notebook as the editor shows it, with changes that are not saved.'
      )
    : isBehind
      ? trans.__(
          'Compared with the notebook as it is on the disk. It has changes that are not saved.'
        )
      : trans.__('Compared with the notebook as it is on the disk.');
  const unknown =
    present.note ??
    (present.live
      ? null
      : trans.__('No kernel runs it: its variables are not compared.'));
  return (
    <div className="jp-MLOpsCompare-present">
      <span role="status">
        {source} {unknown}
      </span>
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-minimal"
        onClick={isBehind ? () => void save() : onRefresh}
      >
        {isBehind ? trans.__('Save and compare') : trans.__('Refresh')}
      </button>
    </div>
  );
}
