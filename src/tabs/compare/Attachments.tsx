import * as React from 'react';

import type { StoredCell } from '../../api/types';
import { useMLOps } from '../../hooks/context';

type Bundle = Record<string, unknown> | undefined;

/**
 * The attachments of a cell that came, went or are other ones, images side by side.
 */
export function Attachments(props: {
  base: StoredCell;
  other: StoredCell;
}): JSX.Element {
  const { trans } = useMLOps();
  const [before, after] = [props.base, props.other].map(
    ({ attachments }) => attachments as Record<string, Bundle>
  );
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter(
    name => JSON.stringify(before[name]) !== JSON.stringify(after[name])
  );
  return (
    <div className="jp-MLOpsCells-outputs">
      {changed.map(name => (
        <figure key={name} className="jp-MLOpsCells-attachment">
          <figcaption>{trans.__('Attachment %1', name)}</figcaption>
          <Attachment
            bundle={before[name]}
            label={trans.__('%1 of the baseline', name)}
          />
          <span aria-hidden>→</span>
          <Attachment bundle={after[name]} label={name} />
        </figure>
      ))}
    </div>
  );
}

function Attachment(props: { bundle: Bundle; label: string }): JSX.Element {
  const { trans } = useMLOps();
  const { bundle, label } = props;
  const [type, data] =
    Object.entries(bundle ?? {}).find(([name]) => name.startsWith('image/')) ??
    [];
  if (typeof data === 'string') {
    // an image runs nothing, whatever is in it
    return (
      <img
        className="jp-MLOpsCells-image"
        alt={label}
        src={`data:${type};base64,${data}`}
      />
    );
  }
  return (
    <span>
      {bundle === undefined
        ? trans.__('none')
        : Object.keys(bundle).join(', ') || trans.__('empty')}
    </span>
  );
}
