import type { INotebookContent } from '@jupyterlab/nbformat';
import { Notebook, NotebookModel, StaticNotebook } from '@jupyterlab/notebook';
import * as React from 'react';

import type { CellRun } from '../../api/types';
import { LuminoHost } from '../../components/LuminoHost';
import { StateView } from '../../components/StateView';
import type { IMLOpsContext } from '../../hooks/context';
import { useMLOps } from '../../hooks/context';
import { useRequest } from '../../hooks/request';
import { OUTPUTS_LIMIT, withLeftOut } from './leftOut';
import { asItRan, ranAsItStands } from './order';

/**
 * The notebook of a snapshot with its outputs, as JupyterLab shows it, to be read only: in the order in which it ran
 * where that is another than the one in which it stands. A `cell`, by its id or counted as it stands, is scrolled to
 * and marked.
 */
export function NotebookView(props: {
  snapshotId: string;
  runs: readonly CellRun[];
  cell?: number | string;
}): JSX.Element {
  const context = useMLOps();
  const { trans } = context;
  const { cell, runs, snapshotId } = props;
  const { data, ...request } = useRequest(
    () => context.mlops.client.snapshotNotebook(snapshotId, OUTPUTS_LIMIT),
    [snapshotId]
  );
  const content = React.useMemo(
    () =>
      data
        ? withLeftOut(data.content as unknown as INotebookContent, trans)
        : undefined,
    [data]
  );
  return (
    <StateView {...request} isEmpty={content === undefined}>
      {content && (
        <OrderedNotebook
          content={content}
          runs={runs}
          cell={typeof cell === 'string' ? indexOf(content, cell) : cell}
        />
      )}
    </StateView>
  );
}

function OrderedNotebook(props: {
  content: INotebookContent;
  runs: readonly CellRun[];
  cell?: number;
}): JSX.Element {
  const context = useMLOps();
  const { trans } = context;
  const { cell, content, runs } = props;
  const hasOrder = runs.length > 0 && !ranAsItStands(content, runs);
  const [byRun, setByRun] = React.useState(hasOrder);
  React.useEffect(() => {
    if (cell !== undefined) {
      setByRun(false);
    }
  }, [cell]);
  const shown = byRun ? asItRan(content, runs) : content;
  return (
    <>
      {hasOrder && (
        <label className="jp-MLOpsRun-order">
          <input
            type="checkbox"
            checked={byRun}
            onChange={event => setByRun(event.target.checked)}
          />
          {trans.__('In the order it ran, with the source as it ran')}
        </label>
      )}
      <LuminoHost
        create={() => {
          const notebook = createNotebook(context, shown);
          requestAnimationFrame(() => mark(notebook, byRun ? undefined : cell));
          return notebook;
        }}
        deps={[content, byRun, cell]}
      />
    </>
  );
}

function createNotebook(
  { editorServices, rendermime }: IMLOpsContext,
  content: INotebookContent
): StaticNotebook {
  const model = new NotebookModel();
  model.fromJSON(untrusted(content));
  const notebook = new StaticNotebook({
    rendermime: rendermime.clone(),
    contentFactory: new Notebook.ContentFactory({
      editorFactory: editorServices.factoryService.newInlineEditor
    }),
    mimeTypeService: editorServices.mimeTypeService,
    notebookConfig: {
      ...StaticNotebook.defaultNotebookConfig,
      windowingMode: 'none'
    }
  });
  notebook.addClass('jp-MLOpsRun-notebook');
  notebook.model = model;
  for (const cell of notebook.widgets) {
    cell.readOnly = true;
  }
  notebook.disposed.connect(() => model.dispose());
  return notebook;
}

/**
 * Where the cell of an id stands; nowhere if it was deleted after it ran.
 */
function indexOf(
  { cells }: INotebookContent,
  cellId: string
): number | undefined {
  const index = cells.findIndex(({ id }) => id === cellId);
  return index < 0 ? undefined : index;
}

function mark(notebook: StaticNotebook, cell: number | undefined): void {
  const node = cell === undefined ? null : notebook.widgets[cell]?.node;
  node?.classList.add('jp-mod-marked');
  node?.scrollIntoView({ block: 'center' });
}

/**
 * A snapshot may come from anywhere: what its outputs would run in the page stays asleep.
 */
function untrusted(content: INotebookContent): INotebookContent {
  return {
    ...content,
    cells: content.cells.map(cell => ({
      ...cell,
      metadata: { ...cell.metadata, trusted: false }
    }))
  };
}
