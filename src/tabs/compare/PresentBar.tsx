import * as React from 'react';

import { errorMessage } from '../../api/request';
import type { PresentNotebook } from '../../api/types';
import { because, refuse } from '../../commands/notify';
import { saveIfDirty } from '../../commands/save';
import { useMLOps } from '../../hooks/context';
import type { IOpenNotebook } from '../../hooks/openNotebook';

/**
 * What of the notebook as it is now is not in the comparison, and how it gets there.
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
  const unknown = present.live
    ? null
    : (present.note ??
      trans.__(
        'No kernel runs this notebook: what it shows and what lies on the disk is compared.'
      ));
  return (
    <div className="jp-MLOpsCompare-present">
      <span role="status">
        {isDirty
          ? trans.__('The notebook has changes that are not saved.')
          : unknown}
      </span>
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-minimal"
        onClick={isDirty ? () => void save() : onRefresh}
      >
        {isDirty ? trans.__('Save and compare') : trans.__('Refresh')}
      </button>
    </div>
  );
}
