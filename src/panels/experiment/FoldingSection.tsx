import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { useStored } from '../../hooks/stored';

/**
 * A section as high as what it shows: short ones leave their room to the others. Whether it is folded is remembered
 * under its name.
 */
export function FoldingSection(props: {
  name: string;
  title: string;
  label?: string;
  children: React.ReactNode;
}): JSX.Element {
  const { children, name, title, label = title } = props;
  const [state, store] = useStored(`jupyter-mlops:experiment-${name}`, {
    isFolded: false
  });
  const isOpen = state !== null && !state.isFolded;
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  return (
    <section aria-label={label}>
      <h3 className="jp-MLOpsFolding-title">
        <button
          type="button"
          className="jp-MLOpsFolding-toggle"
          aria-expanded={isOpen}
          onClick={() => store({ isFolded: isOpen })}
        >
          <Caret.react tag="span" elementSize="normal" />
          {title}
        </button>
      </h3>
      {isOpen && children}
    </section>
  );
}
