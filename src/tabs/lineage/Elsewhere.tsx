import * as React from 'react';

import type { LineageMatch } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { MiddleEllipsis } from '../../components/MiddleEllipsis';
import { RovingList } from '../../components/RovingList';
import { StateView } from '../../components/StateView';
import { useMLOps } from '../../hooks/context';
import type { IElsewhere } from './useElsewhere';
import { kindIcon, kindName, nodeName } from './words';

/**
 * What was found of the whole graph beside what is drawn; each opens with itself as the start.
 */
export const Elsewhere = React.forwardRef<
  HTMLElement,
  { found: IElsewhere; onEscape: () => void }
>((props, ref) => {
  const { commands, trans } = useMLOps();
  const { items, request } = props.found;
  return (
    <section
      ref={ref}
      className="jp-MLOpsLineage-elsewhere"
      aria-label={trans.__('Not drawn here')}
      onKeyDown={({ key }) => key === 'Escape' && props.onEscape()}
    >
      <h3>{trans.__('Not drawn here')}</h3>
      <StateView
        {...request}
        isEmpty={items.length === 0}
        empty={trans.__(
          'Nothing else is called so. A file is known once a snapshot has used it.'
        )}
      >
        <RovingList
          label={trans.__('Not drawn here')}
          items={items}
          keyOf={({ id }) => id}
          describe={match => ({
            label: [kindName(match.kind, trans), fullName(match)].join(', '),
            data: { 'data-lineage': match.id }
          })}
          render={match => <Match match={match} />}
          onOpen={({ id }) =>
            void commands.execute(CommandIDs.openLineage, { node: id })
          }
        />
        {request.data?.cut && (
          <p>{trans.__('There are more: type more of the name.')}</p>
        )}
      </StateView>
    </section>
  );
});
Elsewhere.displayName = 'Elsewhere';

function Match({ match }: { match: LineageMatch }): JSX.Element {
  const Icon = kindIcon(match);
  return (
    <span className="jp-MLOpsRow-line">
      <Icon.react tag="span" className="jp-MLOpsCard-icon" />
      <MiddleEllipsis text={fullName(match)} />
    </span>
  );
}

/**
 * Files of several folders may have the same name, so it is told with the folder.
 */
function fullName(match: LineageMatch): string {
  const isPath = match.kind === 'data' || match.kind === 'notebook';
  return isPath ? match.name : nodeName(match);
}
